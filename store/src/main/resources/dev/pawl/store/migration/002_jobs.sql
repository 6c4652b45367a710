-- Journals, mailboxes, families, and budgets of their own for lost and stalled attempts. What is there already reads as
-- it was: no parent, no mail, nothing lost.

alter table run add column parent_id ${bytes};
alter table run add column parent_number int not null default 0;
alter table run add column detached smallint not null default 0;
alter table run add column children int not null default 0;
alter table run add column mail int not null default 0;
alter table run add column format smallint not null default 1;
alter table run add column slot ${text};
alter table run add column link ${text};
alter table run add column undo ${text};

-- What was retried before this version was a retry.
update run set link = 'RETRY' where retry_of is not null;

create index run_parent on run (parent_id) where parent_id is not null;

-- At most one open run has a slot: a run that ends gives it up.
create unique index run_slot on run (slot) where slot is not null;

alter table task add column lost int not null default 0;
alter table task add column stalls int not null default 0;
alter table task add column parked smallint not null default 0;
alter table task add column alive_at bigint;

-- A journal is only added to: another revision of an effect is another row, and the newest one counts. Ordinals below
-- zero are places of which only the newest content is kept, such as a checkpoint.
create table effect (
  run_id ${bytes} not null,
  idx int not null,
  ordinal int not null,
  revision int not null,
  attempt int not null,
  at bigint not null,
  name ${text} not null,
  kind ${text} not null,
  status ${text} not null,
  label text not null,
  request text,
  value text,
  problem text,
  primary key (run_id, name, idx, ordinal, revision)
) ${storage 100};

-- A mailbox: numbered without gaps within its run.
create table message (
  run_id ${bytes} not null,
  at bigint not null,
  seq int not null,
  status ${text} not null,
  name ${text} not null,
  id ${text},
  actor text not null,
  payload text not null,
  primary key (run_id, seq)
) ${storage 90};

create unique index message_id on message (run_id, id) where id is not null;
