-- The first schema. Ids are the 16 bytes of a ULID, times are epoch milliseconds on the database's clock, JSON is text
-- that nothing here looks into. Yes and no are 1 and 0, which both databases understand.

create table definition (
  id ${serial},
  program ${text} not null,
  version ${text} not null,
  shape text not null,
  created_at bigint not null,
  unique (program, version)
);

create table worker (
  id ${serial},
  host text not null,
  queues text not null,
  definitions text not null,
  slots int not null,
  started_at bigint not null,
  seen_at bigint not null,
  stopped smallint not null
);

create table queue (
  name ${text} primary key,
  max_running int,
  max_per_key int
);

-- No index on anything that changes while a run goes on, and room in its page: updates stay within the page (HOT).
create table run (
  id ${bytes} primary key,
  created_at bigint not null,
  started_at bigint,
  ended_at bigint,
  deadline_at bigint,
  definition int not null,
  seq int not null,
  priority smallint not null,
  pruned smallint not null default 0,
  status ${text} not null,
  reason ${text},
  queue ${text} not null,
  limit_key ${text} not null,
  program ${text} not null,
  once_key ${text},
  retry_of ${bytes},
  state text not null,
  input text not null,
  output text,
  collected text,
  problem text,
  detail text
) ${storage 60};

create unique index run_once on run (program, once_key) where once_key is not null;

-- A run may refer to the artifacts of the run that it retries, so the older one is pruned last.
create index run_retry on run (retry_of) where retry_of is not null;

create table task (
  run_id ${bytes} not null,
  idx int not null,
  definition int not null,
  wake_at bigint not null,
  created_at bigint not null,
  started_at bigint,
  ended_at bigint,
  attempt int not null,
  returned int not null,
  worker int,
  priority smallint not null,
  held smallint not null,
  limited smallint not null,
  name ${text} not null,
  status ${text} not null,
  queue ${text} not null,
  limit_key ${text} not null,
  output text,
  problem text,
  primary key (run_id, name, idx)
) ${storage 90};

-- What can be claimed, in the order in which it is: a claim reads as many entries as it takes, at any depth.
create index task_open on task (queue, definition, priority, wake_at)
  where status in ('READY', 'RUNNING') and held = 0 and limited = 0;

-- The same for queues with limits, whose keys take turns.
create index task_open_limited on task (queue, limit_key, priority, wake_at)
  where status in ('READY', 'RUNNING') and held = 0 and limited = 1;

-- What counts against the limits, and which leases among it have run out, without a look at the rows.
create index task_running_limited on task (queue, limit_key, wake_at)
  where status = 'RUNNING' and limited = 1;

-- One row for the events that one transaction adds to one run; seq is the number of the first.
create table event (
  run_id ${bytes} not null,
  at bigint not null,
  seq int not null,
  body text not null,
  primary key (run_id, seq)
) ${storage 100};
