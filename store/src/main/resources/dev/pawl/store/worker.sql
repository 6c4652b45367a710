-- name: worker.insert
insert into worker (host, queues, definitions, slots, started_at, seen_at, stopped)
values (:host, :queues, :definitions, :slots, :at, :at, 0)
returning id

-- name: worker.seen
update worker set seen_at = :at, stopped = :stopped where id = :id

-- name: worker.list
select id, host, queues, definitions, slots, started_at, seen_at, stopped from worker order by id

-- name: worker.time
-- The database's clock, which everything durable is measured on.
select ${now} as now

-- name: worker.forget
-- Those whose number no running task carries any more, not even with a lease that ran out. Never the newest: SQLite
-- would give its number out again. The tasks are read only if there is somebody to forget.
delete from worker
where seen_at < :before and id < (select max(w.id) from worker w)
  and id not in (
    select t.worker from task t
    where t.status = 'RUNNING' and t.status in ('READY', 'RUNNING') and t.held = 0 and t.limited = 0
      and t.worker is not null)
  and id not in (
    select t.worker from task t where t.status = 'RUNNING' and t.limited = 1 and t.worker is not null)
