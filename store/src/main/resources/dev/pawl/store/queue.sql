-- name: queue.insert
-- Applies only for a queue that had no limits, which is when its open tasks must be marked.
insert into queue (name, max_running, max_per_key) values (:name, :max_running, :max_per_key)
on conflict do nothing

-- name: queue.update
update queue set max_running = :max_running, max_per_key = :max_per_key where name = :name

-- name: queue.list
select name, max_running, max_per_key from queue order by name

-- name: queue.names
-- After inserting tasks: whoever declares a limit waits for the inserting transaction, so this is what the insert saw.
select name from queue

-- name: queue.stop_inserts
-- Nothing to do: there is one writer.
select 1

-- name: queue.stop_inserts (postgresql)
-- Waits for everybody who may be inserting a task without knowing of the limit, and lets nobody begin.
lock table task in share row exclusive mode

-- name: queue.lock
-- Every claim that adds to a queue's running tasks holds this row, so what it counts stays true until it commits.
-- Queues without work are left alone. In the order of names, as everybody does. Not "exists", which PostgreSQL may turn
-- into a join that reads all open tasks.
select q.name, q.max_running, q.max_per_key from queue q
where q.name ${any :queues} and (
  select 1 from task t
  where t.queue = q.name and t.status in ('READY', 'RUNNING') and t.held = 0 and t.limited = 1 limit 1) = 1
order by q.name ${for_update}

-- name: queue.running
-- All of it, for a limit of the whole queue: never more than that limit.
select limit_key, count(*) as tasks from task
where queue = :queue and status = 'RUNNING' and limited = 1
group by limit_key

-- name: queue.running_of
-- For a limit per key alone: a queue without a limit of its own may have very many running.
select limit_key, count(*) as tasks from task
where queue = :queue and limit_key ${any :keys} and status = 'RUNNING' and limited = 1
group by limit_key
