-- name: event.append
insert into event (run_id, at, seq, body) values (:run_id, :at, :seq, :body)

-- name: event.append (postgresql)
-- One statement for the batch, see run.insert.
insert into event (run_id, at, seq, body)
select
  unnest(:run_id::bytea[]), unnest(:at::bigint[]), unnest(:seq::int[]), unnest(:body::text[])

-- name: event.after
-- The wanted number may be in the middle of a row, so this begins with the row that holds it.
select at, seq, body from event
where run_id = :run_id
  and seq >= coalesce((select max(seq) from event where run_id = :run_id and seq <= :first), 0)
order by seq limit :limit

-- name: event.at
select body from event where run_id = :run_id and seq = :seq

-- name: event.outdated
-- The oldest, without the first and the newest.
select count(*) as found, max(oldest.seq) as up_to from (
  select e.seq, e.at from event e where e.run_id = :run_id and e.seq > 1 order by e.seq limit :limit) oldest
where oldest.at < :before and oldest.seq < (select max(n.seq) from event n where n.run_id = :run_id)

-- name: event.trim
delete from event where run_id = :run_id and seq > 1 and seq <= :up_to and at < :before

-- name: event.delete
delete from event where run_id = :id

-- name: event.delete (postgresql)
delete from event where run_id = any(:id)
