-- name: claim.due
-- One source is one (queue, definition, priority): a range of the index in the order of the claim. It begins where the
-- last look found the first task, because what was claimed since then may still stand in the index, dead.
select ${task.columns}, 1 as source from task t
where t.queue = :queue and t.definition = :definition and t.priority = :priority and t.wake_at <= :now
  and t.wake_at >= :due_from and t.status in ('READY', 'RUNNING') and t.held = 0 and t.limited = 0
order by t.wake_at limit :cap

-- name: claim.due (postgresql)
-- All sources at once, each still a short range of the index.
select ${task.columns}, s.place as source
from unnest(:queue::text[], :definition::int[], :priority::smallint[], :due_from::bigint[])
  with ordinality s(queue, definition, priority, due_from, place)
cross join lateral (
  select * from task t
  where t.queue = s.queue and t.definition = s.definition and t.priority = s.priority and t.wake_at <= :now
    and t.wake_at >= s.due_from and t.status in ('READY', 'RUNNING') and t.held = 0 and t.limited = 0
  order by t.wake_at limit :cap) t

-- name: claim.keys
-- A skip-scan: jumps from key to key along the index instead of reading every waiting task. Only keys with due work.
with recursive k(limit_key) as (
  select (select min(t.limit_key) from task t where t.queue = :queue and t.limit_key >= :from
    and t.status in ('READY', 'RUNNING') and t.held = 0 and t.limited = 1)
  union all
  select (select min(t.limit_key) from task t where t.queue = :queue and t.limit_key > k.limit_key
    and t.status in ('READY', 'RUNNING') and t.held = 0 and t.limited = 1)
  from k where k.limit_key is not null
)
select k.limit_key from k
where k.limit_key is not null and 1 = coalesce(
  (select 1 from task t where t.queue = :queue and t.limit_key = k.limit_key and t.priority = 0 and t.wake_at <= :now
    and t.status = 'READY' and t.status in ('READY', 'RUNNING') and t.held = 0 and t.limited = 1
    and t.definition ${any :definitions} limit 1),
  (select 1 from task t where t.queue = :queue and t.limit_key = k.limit_key and t.priority = 1 and t.wake_at <= :now
    and t.status = 'READY' and t.status in ('READY', 'RUNNING') and t.held = 0 and t.limited = 1
    and t.definition ${any :definitions} limit 1),
  (select 1 from task t where t.queue = :queue and t.limit_key = k.limit_key and t.priority = 2 and t.wake_at <= :now
    and t.status = 'READY' and t.status in ('READY', 'RUNNING') and t.held = 0 and t.limited = 1
    and t.definition ${any :definitions} limit 1))
limit :limit

-- name: claim.due_of_key
-- Waiting tasks only: leases that ran out count as running already and have a statement of their own.
select ${task.columns}, 1 as source from task t
where t.queue = :queue and t.limit_key = :limit_key and t.priority = :priority and t.wake_at <= :now
  and t.status = 'READY' and t.status in ('READY', 'RUNNING') and t.held = 0 and t.limited = 1
  and t.definition ${any :definitions}
order by t.wake_at limit :cap

-- name: claim.due_of_key (postgresql)
select ${task.columns}, s.place as source
from unnest(:limit_key::text[], :priority::smallint[]) with ordinality s(limit_key, priority, place)
cross join lateral (
  select * from task t
  where t.queue = :queue and t.limit_key = s.limit_key and t.priority = s.priority and t.wake_at <= :now
    and t.status = 'READY' and t.status in ('READY', 'RUNNING') and t.held = 0 and t.limited = 1
    and t.definition = any(:definitions)
  order by t.wake_at limit :cap) t

-- name: claim.expired
-- Claiming these again adds nothing to the count. There are never more than are running.
select ${task.columns} from task t
where t.queue = :queue and t.status = 'RUNNING' and t.limited = 1 and t.wake_at <= :now
  and t.definition ${any :definitions}
order by t.wake_at limit :cap

-- name: claim.take
-- Re-checks all that the candidate was chosen for: with its run locked and the same attempt and status, only a limit
-- that was declared in between or an extended lease can stop it.
update task set status = 'RUNNING', attempt = attempt + 1, wake_at = :until, worker = :worker, started_at = :now,
  lost = lost + case when status = 'RUNNING' then 1 else 0 end, parked = 0, alive_at = null
where run_id = :run_id and name = :name and idx = :idx and attempt = :attempt and status = :status
  and wake_at <= :now and held = 0 and limited = :limited

-- name: claim.take (postgresql)
update task t set status = 'RUNNING', attempt = t.attempt + 1, wake_at = :until, worker = :worker, started_at = :now,
  lost = t.lost + case when t.status = 'RUNNING' then 1 else 0 end, parked = 0, alive_at = null
from unnest(:run_id::bytea[], :name::text[], :idx::int[], :attempt::int[], :status::text[])
  with ordinality p(run_id, name, idx, attempt, status, place)
where t.run_id = p.run_id and t.name = p.name and t.idx = p.idx and t.attempt = p.attempt and t.status = p.status
  and t.wake_at <= :now and t.held = 0 and t.limited = :limited
returning p.place
