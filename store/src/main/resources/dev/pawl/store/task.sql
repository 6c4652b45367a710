-- part: task.columns
t.run_id, t.name, t.idx, t.status, t.definition, t.queue, t.priority, t.limit_key, t.attempt, t.returned, t.wake_at,
t.held, t.worker, t.lost, t.stalls

-- name: task.insert
-- Limits are looked up here, so that no caller can forget them: a task handed over into a queue with limits waits like
-- every other, with its attempt counted and returned, because the fence must not be given out twice. What listens to topics
-- waits for them from the beginning.
insert into task (run_id, name, idx, status, definition, queue, priority, limit_key, limited, held, attempt, returned,
  wake_at, worker, created_at, started_at, listens, parked)
select p.run_id, p.name, p.idx, case when p.waits = 1 then 'READY' else p.status end, p.definition, p.queue, p.priority,
  p.limit_key, p.limited, p.held, p.attempt, p.returned + p.waits, case when p.waits = 1 then :at else p.wake_at end,
  case when p.waits = 1 then null else p.worker end, :at, case when p.status = 'RUNNING' and p.waits = 0 then :at end,
  p.listens, case when p.status = 'READY' and p.listens is not null then 1 else 0 end
from (select n.*, case when n.limited = 1 and n.status = 'RUNNING' then 1 else 0 end as waits
  from (select :run_id as run_id, :name as name, :idx as idx, :status as status, :definition as definition,
      :queue as queue, :priority as priority, :limit_key as limit_key, :held as held, :attempt as attempt,
      :returned as returned, :wake_at as wake_at, :worker as worker, :listens as listens,
      case when :queue in (select name from queue) then 1 else 0 end as limited) n) p
where true
on conflict do nothing

-- name: task.insert (postgresql)
-- The same for a whole batch. The limited queues are read once per statement.
insert into task (run_id, name, idx, status, definition, queue, priority, limit_key, limited, held, attempt, returned,
  wake_at, worker, created_at, started_at, listens, parked)
select p.run_id, p.name, p.idx, case when w.waits then 'READY' else p.status end, p.definition, p.queue, p.priority,
  p.limit_key, l.limited::int, p.held, p.attempt, p.returned + w.waits::int,
  case when w.waits then :at else p.wake_at end, case when w.waits then null else p.worker end, :at,
  case when p.status = 'RUNNING' and not w.waits then :at::bigint end,
  p.listens, (p.status = 'READY' and p.listens is not null)::int
from (select
    unnest(:run_id::bytea[]) as run_id, unnest(:name::text[]) as name, unnest(:idx::int[]) as idx,
    unnest(:status::text[]) as status, unnest(:definition::int[]) as definition, unnest(:queue::text[]) as queue,
    unnest(:priority::smallint[]) as priority, unnest(:limit_key::text[]) as limit_key,
    unnest(:held::smallint[]) as held, unnest(:attempt::int[]) as attempt, unnest(:returned::int[]) as returned,
    unnest(:wake_at::bigint[]) as wake_at, unnest(:worker::int[]) as worker,
    unnest(:listens::text[]) as listens) p
cross join lateral (select p.queue = any(array(select name from queue)) as limited) l
cross join lateral (select l.limited and p.status = 'RUNNING' as waits) w
on conflict do nothing

-- name: task.copy
-- Only what succeeded; that is over, so limits and leases do not matter any more.
insert into task (run_id, name, idx, status, definition, queue, priority, limit_key, limited, held, attempt, returned,
  wake_at, worker, output, created_at, started_at, ended_at)
select :to, name, idx, status, :definition, queue, priority, limit_key, 0, 0, attempt, returned,
  wake_at, worker, output, created_at, started_at, ended_at
from task where run_id = :from and name = :name and status = 'SUCCEEDED'
on conflict do nothing
returning idx

-- name: task.end
-- The fence: only if it is still running this attempt. The newest problem stays until the task succeeds. A task that
-- waits got somewhere: the leases it lost before are forgiven, and not spent either.
update task set status = :status, wake_at = :wake_at, held = :held,
  returned = returned + :returned + case when :parked = 1 then lost else 0 end, stalls = stalls + :stalled,
  parked = :parked, lost = case when :parked = 1 then 0 else lost end, output = :output,
  problem = case when :status = 'SUCCEEDED' then null else coalesce(:problem, problem) end,
  ended_at = case when :status = 'READY' then null else :at end
where run_id = :run_id and name = :name and idx = :idx and attempt = :attempt and status = 'RUNNING'

-- name: task.end (postgresql)
-- One statement for the batch, see run.insert. Answers with the places that applied. Updates have their arrays from a
-- function scan: the planner must expect few rows of them, or it joins from the side of the table.
update task t set status = p.status, wake_at = p.wake_at, held = p.held,
  returned = t.returned + p.returned + case when p.parked = 1 then t.lost else 0 end, stalls = t.stalls + p.stalled,
  parked = p.parked, lost = case when p.parked = 1 then 0 else t.lost end, output = p.output,
  problem = case when p.status = 'SUCCEEDED' then null else coalesce(p.problem, t.problem) end,
  ended_at = case when p.status = 'READY' then null else p.at end
from unnest(:run_id::bytea[], :name::text[], :idx::int[], :attempt::int[], :status::text[], :wake_at::bigint[],
    :held::smallint[], :returned::int[], :stalled::int[], :parked::smallint[], :output::text[], :problem::text[],
    :at::bigint[])
  with ordinality
  p(run_id, name, idx, attempt, status, wake_at, held, returned, stalled, parked, output, problem, at, place)
where t.run_id = p.run_id and t.name = p.name and t.idx = p.idx and t.attempt = p.attempt and t.status = 'RUNNING'
returning p.place

-- name: task.extend
update task set wake_at = :until, alive_at = coalesce(:alive_at, alive_at)
where run_id = :run_id and name = :name and idx = :idx and attempt = :attempt and status = 'RUNNING'

-- name: task.extend (postgresql)
update task t set wake_at = :until, alive_at = coalesce(p.alive_at, t.alive_at)
from unnest(:run_id::bytea[], :name::text[], :idx::int[], :attempt::int[], :alive_at::bigint[])
  with ordinality p(run_id, name, idx, attempt, alive_at, place)
where t.run_id = p.run_id and t.name = p.name and t.idx = p.idx and t.attempt = p.attempt and t.status = 'RUNNING'
returning p.place

-- name: task.cancel_run
update task set status = 'CANCELLED', ended_at = :at
where run_id = :run_id and status in ('READY', 'RUNNING')
returning name, idx

-- name: task.cancel_step
update task set status = 'CANCELLED', ended_at = :at
where run_id = :run_id and name = :name and status in ('READY', 'RUNNING')
returning name, idx

-- name: task.hold
-- What is running is marked too: its worker hears of it when it extends the lease, and should it die, nobody goes on.
update task set held = :held where run_id = :run_id and status in ('READY', 'RUNNING') and held <> :held
  and name <> :except

-- name: task.hold (postgresql)
-- Rows are locked in the order of their keys, as by everybody.
with open_tasks as materialized (
  select run_id, name, idx from task
  where run_id = :run_id and status in ('READY', 'RUNNING') and held <> :held and name <> :except
  order by name, idx for update)
update task t set held = :held from open_tasks o where t.run_id = o.run_id and t.name = o.name and t.idx = o.idx

-- name: task.held
select t.run_id, t.name, t.idx from task t
where t.run_id = :run_id and t.name = :name and t.idx = :idx and t.attempt = :attempt and t.held = 1

-- name: task.running
-- Whether leases hold.
select t.run_id, t.name, t.idx from task t
where t.run_id = :run_id and t.name = :name and t.idx = :idx and t.attempt = :attempt and t.status = 'RUNNING'

-- name: task.lock_lease
-- For user code in a transaction of its own: from here until the commit nobody can claim the task.
select 1 as found from task t
where t.run_id = :run_id and t.name = :name and t.idx = :idx and t.attempt = :attempt and t.status = 'RUNNING'
${for_update}

-- name: task.wake
-- Those whose topics hold this one, with the line breaks around it. Not "like", to which some names would be patterns. The
-- index of what is parked: a run that goes on for ever has many tasks that have ended.
update task set wake_at = :at
where (case when parked = 1 then run_id end) = :run_id and status = 'READY' and parked = 1 and wake_at > :at
  and (listens is null or replace(listens, :topic, '') <> listens)

-- name: task.wake_listeners
update task set wake_at = :at
where (case when parked = 1 then run_id end) = :run_id and status = 'READY' and parked = 1
  and listens is not null and wake_at > :at and replace(listens, :topic, '') <> listens

-- name: task.wake_listeners (postgresql)
-- Not a join: before anybody listens the planner knows nothing, and would begin with all tasks or with all who listen. The
-- offset keeps the question from becoming one.
update task t set wake_at = :at
where (case when t.parked = 1 then t.run_id end) = any(:run_id::bytea[]) and t.status = 'READY' and t.parked = 1
  and t.listens is not null and t.wake_at > :at and exists (
    select 1 from unnest(:run_id::bytea[], :topic::text[]) p(run_id, topic)
    where p.run_id = t.run_id and replace(t.listens, p.topic, '') <> t.listens
    offset 0)

-- name: task.wake_step
update task set wake_at = :at where run_id = :run_id and name = :name and status = 'READY' and wake_at > :at

-- name: task.migrate
update task set definition = :definition where run_id = :run_id and status in ('READY', 'RUNNING')

-- name: task.forgive
update task set lost = 0, stalls = 0, returned = returned + lost + stalls
where run_id = :run_id and status in ('READY', 'RUNNING') and lost + stalls > 0

-- name: task.provide
insert into task (run_id, name, idx, status, definition, queue, priority, limit_key, limited, held, attempt, returned,
  wake_at, output, created_at, started_at, ended_at)
values (:run_id, :name, :idx, 'SUCCEEDED', :definition, :queue, :priority, :limit_key, 0, 0, 0, 0,
  :at, :output, :at, :at, :at)
on conflict do nothing

-- name: task.forget
delete from task where run_id = :run_id and name = :name and idx = :idx and status not in ('READY', 'RUNNING')

-- name: task.forget (postgresql)
delete from task t using unnest(:run_id::bytea[], :name::text[], :idx::int[]) p(run_id, name, idx)
where t.run_id = p.run_id and t.name = p.name and t.idx = p.idx and t.status not in ('READY', 'RUNNING')

-- name: task.names
-- A skip-scan, see claim.keys.
with recursive k(name) as (
  select (select min(t.name) from task t where t.run_id = :run_id)
  union all
  select (select min(t.name) from task t where t.run_id = :run_id and t.name > k.name) from k where k.name is not null
)
select k.name from k where k.name is not null

-- name: task.outdated
-- The oldest of one name that are over, if a newer one has succeeded; of the kernel's own whether or not.
select oldest.run_id, oldest.name, oldest.idx from (
  select t.run_id, t.name, t.idx, t.status, t.ended_at from task t
  where t.run_id = :run_id and t.name = :name order by t.idx limit :limit) oldest
where oldest.status not in ('READY', 'RUNNING') and oldest.ended_at < :before
  and (:kernels = 1 or oldest.idx < (
    select max(n.idx) from task n where n.run_id = :run_id and n.name = :name and n.status = 'SUCCEEDED'))

-- name: task.list
select ${task.columns}, t.output, t.problem, t.created_at, t.started_at, t.ended_at, t.parked, t.alive_at
from task t where t.run_id = :run_id and t.idx >= :from
order by t.name, t.idx limit :limit

-- name: task.list_step
-- Its own statement, so that a page of a large map is a range of the primary key.
select ${task.columns}, t.output, t.problem, t.created_at, t.started_at, t.ended_at, t.parked, t.alive_at
from task t where t.run_id = :run_id and t.name = :name and t.idx >= :from
order by t.name, t.idx limit :limit

-- name: task.list_open
select ${task.columns}, t.output, t.problem, t.created_at, t.started_at, t.ended_at, t.parked, t.alive_at
from task t where t.run_id = :run_id and t.status in ('READY', 'RUNNING')
order by t.name, t.idx limit :limit

-- name: task.counts
select name, status, count(*) as tasks from task where run_id = :run_id group by name, status

-- name: task.occupancy
-- Added up over the three places where open tasks are, so that each part is a range of an index.
select coalesce(sum(running), 0) as running, coalesce(sum(waiting), 0) as waiting from (
  select sum(case when status = 'RUNNING' then 1 else 0 end) as running,
    sum(case when status = 'READY' then 1 else 0 end) as waiting
  from task where queue = :queue and status in ('READY', 'RUNNING') and held = 0 and limited = 0
    and (:any_key = 1 or limit_key = :key)
  union all
  select sum(case when status = 'RUNNING' then 1 else 0 end), sum(case when status = 'READY' then 1 else 0 end)
  from task where queue = :queue and status in ('READY', 'RUNNING') and held = 0 and limited = 1
    and (:any_key = 1 or limit_key = :key)
) open_tasks

-- name: task.running_of
-- For a claim whose reply was lost, so rare that it may read all that is open. A running task is never held.
select ${task.columns} from task t
where t.worker = :worker and t.status = 'RUNNING' and t.status in ('READY', 'RUNNING') and t.held = 0 and t.limited = 0
union all
select ${task.columns} from task t
where t.worker = :worker and t.status = 'RUNNING' and t.limited = 1

-- name: task.limit
-- For a queue that had no limits: what is open in it is counted from now on.
update task set limited = 1 where queue = :queue and limited = 0 and status in ('READY', 'RUNNING')

-- name: task.delete
delete from task where run_id = :id

-- name: task.delete (postgresql)
delete from task where run_id = any(:id)
