-- Topics: mailboxes whose messages are reserved before they are consumed, what each comes from, and tasks that a message
-- wakes before their time. What is there already reads as it was: delivered once, sent when it arrived.

alter table message add column delivery int not null default 1;
alter table message add column reserved_by ${text};
alter table message add column news int not null default 0;
alter table message add column stripped smallint not null default 0;

update message set news = seq;

-- An id makes a message the only one of its topic, and not of its run.
drop index message_id;
create unique index message_id on message (run_id, name, id) where id is not null;

-- Messages stay for ever, because their ids do; these hold only those that somebody still looks for.
create index message_pending on message (run_id, name, seq) where status = 'PENDING';
create index message_reserved on message (run_id, reserved_by) where status = 'RESERVED';
create index message_done on message (run_id, seq) where status in ('CONSUMED', 'SKIPPED') and stripped = 0;

alter table task add column listens text;

-- A message wakes who waits for it, in a run that may go on for ever and then has many tasks that have ended. An expression,
-- so that nothing but this index serves a look for those who wait, whatever the planner has seen when it decides.
create index task_parked on task ((case when parked = 1 then run_id end)) where status = 'READY' and parked = 1;

-- What messages come from, numbered without gaps within its run.
create table input (
  run_id ${bytes} not null,
  at bigint not null,
  number int not null,
  source ${text} not null,
  type ${text} not null,
  id ${text} not null,
  title text not null,
  primary key (run_id, number),
  unique (run_id, source, type, id)
) ${storage 90};

create table cause (
  run_id ${bytes} not null,
  input int not null,
  message int not null,
  primary key (run_id, message, input)
) ${storage 100};

create index cause_input on cause (run_id, input, message);
