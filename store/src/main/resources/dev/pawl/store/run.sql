-- part: run.columns
r.id, r.definition, r.status, r.reason, r.queue, r.priority, r.limit_key, r.state, r.seq, r.started_at,
r.deadline_at, r.parent_id, r.parent_number, r.children, r.mail, r.undo, r.format

-- part: run.details
${run.columns}, r.program, d.version, r.once_key, r.input, r.output, r.collected, r.problem, r.detail,
r.created_at, r.ended_at, r.retry_of, r.link, r.slot, r.labels

-- name: run.lock
-- SQLite has one writer, which has locked everything.
select ${run.columns} from run r where r.id = :id

-- name: run.lock (postgresql)
-- In the order of ids, so that two transactions never wait for each other in a circle.
select ${run.columns} from run r where r.id = any(:id) order by r.id for update

-- name: run.lock_free
-- For claims: takes the runs that nobody else has locked. Nobody has, with one writer. What a newer Pawl wrote is for
-- workers of that one.
select ${run.columns} from run r where r.id = :id and r.format <= :format and :most > 0

-- name: run.lock_free (postgresql)
-- In the order of the candidates, and no more than are needed: claimers beside this one want the rest.
select ${run.columns}
from unnest(:id::bytea[]) with ordinality p(id, place) join run r on r.id = p.id and r.format <= :format
order by p.place limit :most
for update of r skip locked

-- name: run.insert
-- "Do nothing" covers a taken id and a taken key alike; what comes back was inserted.
insert into run (id, created_at, started_at, ended_at, deadline_at, definition, seq, priority, status, reason, queue,
  limit_key, program, once_key, retry_of, link, slot, parent_id, parent_number, detached, labels, children, mail, undo, format,
  state, input, output, collected, problem)
values (:id, :created_at, :started_at, :ended_at, :deadline_at, :definition, :seq, :priority, :status, :reason, :queue,
  :limit_key, :program, :once_key, :retry_of, :link, :slot, :parent_id, :parent_number, :detached, :labels, :children, :mail,
  :undo, :format, :state, :input, :output, :collected, :problem)
on conflict do nothing
returning id

-- name: run.insert (postgresql)
-- One statement for the batch: arrays cost the server about half of what rows one by one cost. They are unnested in
-- the select list: a function scan would put all rows into a tuple store first.
insert into run (id, created_at, started_at, ended_at, deadline_at, definition, seq, priority, status, reason, queue,
  limit_key, program, once_key, retry_of, link, slot, parent_id, parent_number, detached, labels, children, mail, undo, format,
  state, input, output, collected, problem)
select
  unnest(:id::bytea[]), unnest(:created_at::bigint[]), unnest(:started_at::bigint[]), unnest(:ended_at::bigint[]),
  unnest(:deadline_at::bigint[]), unnest(:definition::int[]), unnest(:seq::int[]), unnest(:priority::smallint[]),
  unnest(:status::text[]), unnest(:reason::text[]), unnest(:queue::text[]), unnest(:limit_key::text[]),
  unnest(:program::text[]), unnest(:once_key::text[]), unnest(:retry_of::bytea[]), unnest(:link::text[]),
  unnest(:slot::text[]), unnest(:parent_id::bytea[]), unnest(:parent_number::int[]), unnest(:detached::smallint[]), unnest(:labels::text[]),
  unnest(:children::int[]), unnest(:mail::int[]), unnest(:undo::text[]), unnest(:format::smallint[]),
  unnest(:state::text[]), unnest(:input::text[]), unnest(:output::text[]), unnest(:collected::text[]),
  unnest(:problem::text[])
on conflict do nothing
returning id

-- name: run.update
-- What is null leaves what is there.
update run set status = :status, reason = :reason, state = :state, seq = :seq, started_at = :started_at,
  output = coalesce(:output, output), collected = coalesce(:collected, collected), problem = coalesce(:problem, problem),
  detail = coalesce(:detail, detail), ended_at = coalesce(:ended_at, ended_at), children = :children, mail = :mail,
  undo = :undo, slot = case when :ended_at is null then slot end
where id = :id

-- name: run.update (postgresql)
-- One statement for the batch, see run.insert and task.end.
update run r set status = p.status, reason = p.reason, state = p.state, seq = p.seq, started_at = p.started_at,
  output = coalesce(p.output, r.output), collected = coalesce(p.collected, r.collected), problem = coalesce(p.problem, r.problem),
  detail = coalesce(p.detail, r.detail), ended_at = coalesce(p.ended_at, r.ended_at), children = p.children,
  mail = p.mail, undo = p.undo, slot = case when p.ended_at is null then r.slot end
from unnest(:id::bytea[], :status::text[], :reason::text[], :state::text[], :seq::int[], :started_at::bigint[],
    :output::text[], :collected::text[], :problem::text[], :detail::text[], :ended_at::bigint[],
    :children::int[], :mail::int[], :undo::text[])
  p(id, status, reason, state, seq, started_at, output, collected, problem, detail, ended_at, children, mail, undo)
where r.id = p.id

-- name: run.migrate
update run set definition = :definition where id = :id

-- name: run.get
select ${run.details} from run r join definition d on d.id = r.definition where r.id = :id

-- name: run.by_key
-- The literal condition lets both databases use the partial index.
select id from run where program = :program and once_key = :key and once_key is not null

-- name: run.by_slot
select id from run where slot = :slot and slot is not null

-- name: run.problem
select problem from run where id = :id and problem is not null

-- name: run.peek
-- Without a lock.
select ${run.columns} from run r where r.id = :id

-- name: run.open_children
-- Those that are to end with their parent.
select ${run.columns} from run r
where r.parent_id = :parent and r.parent_id is not null and r.detached = 0
  and r.status not in ('SUCCEEDED', 'FAILED', 'CANCELLED')
order by r.id

-- name: run.children
select ${run.details} from run r join definition d on d.id = r.definition
where r.parent_id = :parent and r.parent_id is not null order by r.id limit :limit

-- name: run.successors
select ${run.details} from run r join definition d on d.id = r.definition
where r.retry_of = :earlier and r.retry_of is not null order by r.id

-- name: run.list
-- Walks the primary key backwards; an index on the status would cost every update of every run.
select ${run.details} from run r join definition d on d.id = r.definition
where r.id < :before and (:status = '' or r.status = :status) and (:program = '' or r.program = :program)
  and (:label = '' or r.labels like :label escape '!')
order by r.id desc limit :limit

-- name: run.ended
select id, status from run where id = :id and status in ('SUCCEEDED', 'FAILED', 'CANCELLED')

-- name: run.ended (postgresql)
select id, status from run where id = any(:id) and status in ('SUCCEEDED', 'FAILED', 'CANCELLED')

-- name: run.open
select id from run where id = :id and status not in ('SUCCEEDED', 'FAILED', 'CANCELLED')

-- name: run.open (postgresql)
select id from run where id = any(:id) and status not in ('SUCCEEDED', 'FAILED', 'CANCELLED')

-- name: run.in_slots
select ${run.details} from run r join definition d on d.id = r.definition
where r.slot >= :from and r.slot <= :to and r.slot is not null order by r.slot limit :limit

-- name: run.prunable
-- Walks the primary key from where the last walk stopped; a run younger than the bound cannot have ended before it.
-- A run whose retry is still there waits for it, because the retry may refer to its artifacts.
select id, once_key is not null as keyed from run
where id >= :from and id < :below and ended_at < :ended_before and pruned = 0
  and not exists (select 1 from run later where later.retry_of = run.id and later.retry_of is not null)
order by id limit :limit ${for_update_skip_locked}

-- name: run.standing
-- Runs that go on for ever, along the index of slots: what has a slot has not ended. Others with a slot need all that they
-- have, because they come to an end.
select id, slot from run
where slot > :from and slot is not null and (program like 'pipeline:%' or program like 'schedule:%')
order by slot limit :limit ${for_update_skip_locked}

-- name: run.delete
delete from run where id = :id

-- name: run.delete (postgresql)
delete from run where id = any(:id)

-- name: run.strip
-- What stays is enough to answer the key with the same run for ever.
update run set pruned = 1, input = 'null', state = 'null', output = null, collected = null, problem = null,
  detail = null
where id = :id

-- name: run.strip (postgresql)
update run set pruned = 1, input = 'null', state = 'null', output = null, collected = null, problem = null,
  detail = null
where id = any(:id)
