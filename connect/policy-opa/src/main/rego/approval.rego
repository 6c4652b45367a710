# An effect that asks for more than a limit waits for a person.
#
# The limit is data.approval.limit. Any field "amount" of the request counts, wherever it stands; without a limit, or if it is
# not a number, every amount needs approval.
package pawl

decision := {
	"allow": true,
	"approval": count(reasons) > 0,
	"reasons": sort(reasons),
}

reasons contains concat(" ", ["the amount", json.marshal(amount), "is above the limit or cannot be compared with it"]) if {
	some amount in amounts
	not small(amount)
}

amounts contains amount if {
	input.point == "effect"
	contains(json.marshal(input.effect.request), `"amount":`) # which takes less time than to walk
	walk(input.effect.request, [path, amount])
	path[count(path) - 1] == "amount"
}

small(amount) if {
	is_number(amount)
	is_number(data.approval.limit)
	abs(amount) <= data.approval.limit
}
