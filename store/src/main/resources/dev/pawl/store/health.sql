-- What "pawl health" asks. Every part is bounded and goes through an index that is there for other reasons: nobody may
-- pay for being looked at.

-- name: health.runs
-- The newest runs, along the primary key. What is old counts only while it is open. The first characters of a problem
-- name its class.
select status, recent, reason, failure, count(*) as runs, coalesce(sum(took), 0) as took
from (
  select status, case when id >= :since then 1 else 0 end as recent,
    case when status = 'BLOCKED' then reason end as reason,
    case when status = 'FAILED' then substr(problem, 1, 24) end as failure,
    case when status = 'SUCCEEDED' then ended_at - created_at end as took
  from run order by id desc limit :limit) newest
group by status, recent, reason, failure

-- name: health.open_runs
-- The oldest that are open, of the newest.
select id from (select id, status from run order by id desc limit :limit) newest
where status in ('QUEUED', 'RUNNING')
order by id limit :cap

-- name: health.retries
-- Along the primary key, so of the newest runs.
select count(*) as tasks,
  coalesce(sum(case when tries > 1 then 1 else 0 end), 0) as retried,
  coalesce(sum(case when tries > 1 then tries - 1 else 0 end), 0) as retries,
  coalesce(sum(case when tries > 1 and status = 'SUCCEEDED' then 1 else 0 end), 0) as recovered,
  coalesce(sum(case when tries > 1 and status = 'FAILED' then 1 else 0 end), 0) as exhausted
from (
  select status, attempt - returned - lost - stalls as tries from task
  where run_id >= :since
  order by run_id desc, name desc, idx desc limit :limit) newest

-- name: health.sources
-- Where open tasks are, as a claim would look for them. A skip-scan for the queues, then one probe for each source.
with recursive queues(name) as (
  select (select min(t.queue) from task t
    where t.status in ('READY', 'RUNNING') and t.held = 0 and t.limited = 0)
  union all
  select (select min(t.queue) from task t
    where t.queue > queues.name and t.status in ('READY', 'RUNNING') and t.held = 0 and t.limited = 0)
  from queues where queues.name is not null
), levels(level) as (values (0), (1), (2))
select q.name as queue, d.id as definition, l.level as priority
from queues q cross join definition d cross join levels l
where q.name is not null and 1 = (
  select 1 from task t where t.queue = q.name and t.definition = d.id and t.priority = l.level
    and t.status in ('READY', 'RUNNING') and t.held = 0 and t.limited = 0 limit 1)

-- name: health.leases
-- Leases end sooner than most timers, so they are among the first that are not due.
select worker, count(*) as leases from (
  select t.worker, t.status from task t
  where t.queue = :queue and t.definition = :definition and t.priority = :priority and t.wake_at > :now
    and t.status in ('READY', 'RUNNING') and t.held = 0 and t.limited = 0
  order by t.wake_at limit :cap) soon
where status = 'RUNNING' and worker is not null
group by worker

-- name: health.leases (postgresql)
-- All sources at once, each still a short range of the index.
select t.worker, count(*) as leases
from unnest(:queue::text[], :definition::int[], :priority::smallint[]) s(queue, definition, priority)
cross join lateral (
  select t.worker, t.status from task t
  where t.queue = s.queue and t.definition = s.definition and t.priority = s.priority and t.wake_at > :now
    and t.status in ('READY', 'RUNNING') and t.held = 0 and t.limited = 0
  order by t.wake_at limit :cap) t
where t.status = 'RUNNING' and t.worker is not null
group by t.worker

-- name: health.limited_leases
select worker, count(*) as leases from (
  select t.worker from task t
  where t.queue = :queue and t.status = 'RUNNING' and t.limited = 1 and t.wake_at > :now and t.worker is not null
  limit :cap) live
group by worker

-- name: health.stuck
-- Nothing has happened for long, and no task of it waits for its time or for somebody, is being worked on, or did so until
-- lately. The timer of a deadline does not count: every run that has one waits for it. "Case", because the tasks of a
-- large run are many: they are looked at last, and only if it comes to that.
select id, program, status, quiet_since from (
  select r.id, r.program, r.status,
    (select e.at from event e where e.run_id = r.id order by e.seq desc limit 1) as quiet_since
  from run r where r.id = :id and r.status in ('QUEUED', 'RUNNING')) quiet
where case when quiet_since <= :quiet_until then (
  select 1 from task t
  where t.run_id = quiet.id and t.status in ('READY', 'RUNNING') and (t.wake_at > :quiet_until or t.held = 1)
    and t.name <> :deadline limit 1) else 1 end is null

-- name: health.stuck (postgresql)
select id, program, status, quiet_since from (
  select r.id, r.program, r.status,
    (select e.at from event e where e.run_id = r.id order by e.seq desc limit 1) as quiet_since
  from unnest(:id::bytea[]) p(id) join run r on r.id = p.id and r.status in ('QUEUED', 'RUNNING')) quiet
where case when quiet_since <= :quiet_until then (
  select 1 from task t
  where t.run_id = quiet.id and t.status in ('READY', 'RUNNING') and (t.wake_at > :quiet_until or t.held = 1)
    and t.name <> :deadline limit 1) else 1 end is null

-- name: health.tables
-- Only PostgreSQL keeps dead rows.
select '' as name, 0 as live, 0 as dead where 1 = 0

-- name: health.tables (postgresql)
select relname as name, n_live_tup as live, n_dead_tup as dead from pg_stat_user_tables
where schemaname = current_schema() and relname in ('run', 'task', 'event')
order by relname
