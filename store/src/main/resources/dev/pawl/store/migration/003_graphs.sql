-- What people and policies want to know about a run, by name: a JSON object of texts.

alter table run add column labels text;
