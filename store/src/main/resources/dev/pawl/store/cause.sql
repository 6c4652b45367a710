-- What is caused by something caused is written down as caused, so nobody has to follow a chain.

-- name: cause.insert
insert into cause (run_id, input, message) values (:run_id, :input, :message)
on conflict do nothing

-- name: cause.insert (postgresql)
insert into cause (run_id, input, message)
select unnest(:run_id::bytea[]), unnest(:input::int[]), unnest(:message::int[])
on conflict do nothing

-- name: cause.inherit
-- SQLite begins a cross join with what stands first.
insert into cause (run_id, input, message)
select distinct c.run_id, c.input, :message
from message m cross join cause c
where m.run_id = :run_id and m.reserved_by = :by and m.status = 'RESERVED' and c.run_id = m.run_id and c.message = m.seq
on conflict do nothing

-- name: cause.inherit (postgresql)
-- One look for each message that is reserved. Not a join, which the planner might begin with all causes of the run.
insert into cause (run_id, input, message)
select distinct p.run_id, c.input, p.message
from unnest(:run_id::bytea[], :by::text[], :message::int[]) p(run_id, by, message)
cross join lateral (
  select m.run_id, m.seq from message m
  where m.run_id = p.run_id and m.reserved_by = p.by and m.status = 'RESERVED' offset 0) m
cross join lateral (select c.input from cause c where c.run_id = m.run_id and c.message = m.seq offset 0) c
on conflict do nothing

-- name: cause.delete
delete from cause where run_id = :id

-- name: cause.delete (postgresql)
delete from cause where run_id = any(:id)
