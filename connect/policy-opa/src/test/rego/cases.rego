# What a policy can answer, and what can go wrong while it does.
package cases

# Whatever the test wants it to answer.
echo := input.answer

# True only for what is in the data.
known if input.name in data.known

# As long as the test wants: the square of the rounds. Nothing in the loops takes memory.
runaway if {
	all := numbers.range(1, input.rounds)
	some i in all
	some j in all
	i <= j
	j == input.wanted
}

# More memory than there is.
hungry if count(numbers.range(1, 1000000000)) == 1

# Two values for one rule.
torn := true if input.a

torn := false if input.b

printed := {"allow": true, "reasons": [sprintf(input.format, input.values)]}

marshalled := {"allow": true, "reasons": [json.marshal(input)]}
