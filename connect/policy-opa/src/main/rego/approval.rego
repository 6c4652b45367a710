# An effect that asks for more than a limit waits for a person.
#
# The limit is data.approval.limit. Any field "amount" of the request counts, wherever it stands: in a JSON body of HTTP, in a form
# and behind an address too. Without a limit, or if it is not a number, every amount needs approval, and so does what is too
# large to be seen whole.
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

# ---- HTTP without JSON ---------------------------------------------------------------------------------------------

amounts contains number_or_text(field[1]) if {
	some fields in form_fields
	contains(fields, "amount=")
	some field in regex.find_all_string_submatch_n(`[?&]amount=([^&#]*)`, fields, -1)
}

form_fields contains input.effect.request.url if over_http

form_fields contains concat("", ["&", input.effect.request.body]) if {
	over_http
	startswith(lower(input.effect.request.headers["content-type"]), "application/x-www-form-urlencoded")
}

over_http if {
	input.point == "effect"
	input.effect.kind in {"http", "http.once"}
}

number_or_text(text) := to_number(text) if is_decimal(text)

number_or_text(text) := text if not is_decimal(text)

is_decimal(text) if regex.match(`^-?(0|[1-9][0-9]{0,15})(\.[0-9]{1,15})?$`, text)

# ---- what is too large ---------------------------------------------------------------------------------------------

# Of a request that is large, and of a large body in one, only a hash and the size are told.
reasons contains "the request is too large to look for amounts in it" if unseen

unseen if {
	input.point == "effect"
	is_string(input.effect.request.sha256)
	is_string(input.effect.request.beginning)
}

unseen if {
	over_http
	is_string(input.effect.request.body.sha256)
	count(input.effect.request.body) == 2
}
