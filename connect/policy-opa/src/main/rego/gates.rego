# Gates at every point of a run: what is blocked, what is too much, and who may do what.
#
# Lists and limits come from data.gates, by the names of `defaults`. What is fine is a rule of its own, and what is not that
# is denied. So a field that is missing or of another kind is denied and not overlooked: `not input.a in list` says nothing
# if there is no input.a, `not fine` does.
package pawl

decision := {"allow": count(deny) == 0, "reasons": sort(deny)}

# ---- settings ------------------------------------------------------------------------------------------------------

defaults := {
	"blocked_programs": [],
	"admins": [],
	"specialists": ["healer", "analyzer", "optimizer", "validator", "executor"],
	"personal": ["email", "phone", "ssn", "creditCard"],
	"critical": ["CRITICAL"],
	"writes_below": "healing/",
	"max_step": 1000,
	"max_dev_step": 100,
	"max_characters": 10485760,
	"max_millis": 30000,
}

default configured := {}

configured := data.gates

settings := object.union(defaults, configured)

settings_fit if {
	count(settings) == count(defaults)
	every name, value in defaults {
		type_name(settings[name]) == type_name(value)
	}
}

deny contains "the settings in data.gates do not fit: a name is misspelt or a value is of another type" if not settings_fit

# ---- every point ---------------------------------------------------------------------------------------------------

deny contains "the point is unknown" if not known_point

known_point if input.point in {"submit", "before", "effect", "after"}

deny contains "the program has no name" if not named

named if is_string(input.program.name)

deny contains concat("", ["the program ", input.program.name, " is blocked"]) if {
	input.program.name in settings.blocked_programs
}

deny contains "the run has no id, or one of less than 10 characters" if {
	input.point != "submit"
	not traceable
}

traceable if {
	is_string(input.run.id)
	count(input.run.id) >= 10
}

# ---- submit and before: what a run starts from ---------------------------------------------------------------------

deny contains "the input is null or missing" if {
	input.point == "submit"
	object.get(input, ["run", "input"], null) == null
}

# A large one is left out here; it was looked at when the run was submitted.
deny contains "the input is null" if {
	input.point == "before"
	input.run.input == null
}

deny contains concat(" ", ["the step is not a number up to", format_int(settings.max_step, 10)]) if {
	input.point == "before"
	not step_up_to(settings.max_step)
}

deny contains concat(" ", ["a development program may take", format_int(settings.max_dev_step, 10), "steps"]) if {
	input.point == "before"
	input.labels.stage == "dev"
	not step_up_to(settings.max_dev_step)
}

step_up_to(limit) if {
	is_number(input.task.index)
	input.task.index <= limit
}

# ---- submit and effect: what goes in and out -----------------------------------------------------------------------

payload := object.get(input, ["run", "input"], null) if input.point == "submit"

payload := object.get(input, ["effect", "request"], null) if input.point == "effect"

payload_text := json.marshal(payload)

deny contains concat(" ", ["the payload is larger than", format_int(settings.max_characters, 10), "characters of JSON"]) if {
	input.point in {"submit", "effect"}
	not small
}

small if {
	count(payload_text) <= settings.max_characters
	every size in unseen {
		is_number(size)
		size <= settings.max_characters
	}
}

# Of a request that is large, and of a large body in one, only a hash and the size are told.
unseen contains input.effect.request.length if {
	input.point == "effect"
	is_string(input.effect.request.sha256)
	is_string(input.effect.request.beginning)
}

unseen contains input.effect.request.body.size if {
	over_http
	is_string(input.effect.request.body.sha256)
	count(input.effect.request.body) == 2
}

over_http if {
	input.point == "effect"
	input.effect.kind in {"http", "http.once"}
}

deny contains concat("", ["the personal field ", name, " needs an admin"]) if {
	some name in settings.personal
	has_field(name)
	not by_admin
}

deny contains "a request too large to look for personal fields in it needs an admin" if {
	count(settings.personal) > 0
	count(unseen) > 0
	not by_admin
}

by_admin if input.actor in settings.admins

# Anywhere in the payload. In its text, as to walk through a large document takes long; a quote inside a string is escaped there,
# so this finds names of fields only.
has_field(name) if contains(payload_text, concat("", [json.marshal(name), ":"]))

# In what follows the address, and in a form.
has_field(name) if {
	over_http
	some before in ["?", "&"]
	contains(input.effect.request.url, concat("", [before, name, "="]))
}

has_field(name) if {
	over_http
	startswith(lower(input.effect.request.headers["content-type"]), "application/x-www-form-urlencoded")
	contains(concat("", ["&", input.effect.request.body]), concat("", ["&", name, "="]))
}

# ---- effect: agents and what they may write ------------------------------------------------------------------------

deny contains "the effect has no kind" if {
	input.point == "effect"
	not of_a_kind
}

of_a_kind if is_string(input.effect.kind)

to_agent if {
	input.point == "effect"
	input.effect.kind in {"agent", "agent.once"}
}

deny contains "the specialist is not one of the list" if {
	to_agent
	not to_specialist
}

to_specialist if input.effect.request.to in settings.specialists

deny contains "only the healer may see selectorHistory" if {
	to_agent
	has_field("selectorHistory")
	not to_healer
}

to_healer if input.effect.request.to == "healer"

writes contains path if some path in agent_writes

agent_writes := object.get(input, ["effect", "request", "envelope", "slice", "input", "writes"], []) if to_agent

deny contains "writes is not a list of paths" if {
	to_agent
	not is_array(agent_writes)
}

# A name that is missing is none below.
writes contains object.get(input, ["effect", "request", "name"], null) if {
	input.point == "effect"
	startswith(input.effect.kind, "artifact.")
	input.effect.kind != "artifact.read"
}

deny contains concat(" ", ["a path to write is not below", settings.writes_below]) if {
	some path in writes
	not below(path, settings.writes_below)
}

below(path, folder) if {
	startswith(path, folder)
	not contains(path, "..")
}

# ---- after: what a task came to ------------------------------------------------------------------------------------

# Of tasks that gave something back; about those that failed nobody asks.
deny contains concat("", ["the task failed as ", code]) if {
	input.point == "after"
	some code in settings.critical
	input.task.output.error.code == code
}

deny contains "the task says both that it succeeded and that it failed" if {
	input.point == "after"
	input.task.output.status == "success"
	object.get(input, ["task", "output", "error"], null) != null
}

# Only what measures itself says how long it took.
deny contains concat(" ", ["the task took longer than", format_int(settings.max_millis, 10), "ms"]) if {
	input.point == "after"
	took := input.task.output.metrics.durationMs
	not short(took)
}

short(took) if {
	is_number(took)
	took <= settings.max_millis
}
