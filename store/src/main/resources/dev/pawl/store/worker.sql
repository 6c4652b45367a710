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
