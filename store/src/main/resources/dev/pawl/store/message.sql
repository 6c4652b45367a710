-- part: message.columns
m.run_id, m.at, m.seq, m.status, m.name, m.id, m.actor, m.payload, m.delivery, m.reserved_by

-- name: message.send
insert into message (run_id, at, seq, news, status, name, id, actor, payload)
values (:run_id, :at, :seq, :seq, 'PENDING', :name, :id, :actor, :payload)
on conflict do nothing

-- name: message.consume
update message set status = 'CONSUMED' where run_id = :run_id and seq = :seq and status in ('PENDING', 'RESERVED')

-- name: message.publish
-- What is known in its topic gets the new payload, and the name of who sent that; it keeps its place, so it also keeps the
-- time since when it waits there.
insert into message (run_id, at, seq, news, status, name, id, actor, payload)
values (:run_id, :at, :seq, :seq, 'PENDING', :name, :id, :actor, :payload)
on conflict (run_id, name, id) where id is not null do update
  set payload = excluded.payload, actor = excluded.actor, news = excluded.news
  where message.status in ('PENDING', 'RESERVED')
returning run_id, name, id, seq

-- name: message.publish (postgresql)
-- One statement for the batch, see run.insert.
insert into message (run_id, at, seq, news, status, name, id, actor, payload)
select
  unnest(:run_id::bytea[]), unnest(:at::bigint[]), unnest(:seq::int[]), unnest(:seq::int[]), 'PENDING',
  unnest(:name::text[]), unnest(:id::text[]), unnest(:actor::text[]), unnest(:payload::text[])
on conflict (run_id, name, id) where id is not null do update
  set payload = excluded.payload, actor = excluded.actor, news = excluded.news
  where message.status in ('PENDING', 'RESERVED')
returning run_id, name, id, seq

-- name: message.reserve
-- The addition keeps the databases from the index of what is pending: it holds no numbers without their topics.
update message set status = 'RESERVED', reserved_by = :by
where run_id = :run_id and seq = :seq and status || '' = 'PENDING'

-- name: message.reserve (postgresql)
-- One statement for the batch, see task.end. Answers with the places that applied.
update message m set status = 'RESERVED', reserved_by = p.by
from unnest(:run_id::bytea[], :seq::int[], :by::text[]) with ordinality p(run_id, seq, by, place)
where m.run_id = p.run_id and m.seq = p.seq and m.status || '' = 'PENDING'
returning p.place

-- name: message.give_back
-- What this very transaction reserved, of a reservation that is not to be had as a whole.
update message set status = 'PENDING', reserved_by = null
where run_id = :run_id and seq = :seq and reserved_by = :by and status || '' = 'RESERVED'

-- name: message.dispose
-- Whose it was stays known, unless it is released: that is news for whoever has seen all that was there.
update message set status = :status, reserved_by = case when :status = 'PENDING' then null else reserved_by end,
  delivery = delivery + case when :status = 'PENDING' then 1 else 0 end,
  news = case when :status = 'PENDING' then :news else news end
where run_id = :run_id and seq = :seq and reserved_by = :by and status || '' = 'RESERVED'

-- name: message.dispose (postgresql)
update message m set status = p.status, reserved_by = case when p.status = 'PENDING' then null else m.reserved_by end,
  delivery = m.delivery + case when p.status = 'PENDING' then 1 else 0 end,
  news = case when p.status = 'PENDING' then p.news else m.news end
from unnest(:run_id::bytea[], :seq::int[], :by::text[], :status::text[], :news::int[]) p(run_id, seq, by, status, news)
where m.run_id = p.run_id and m.seq = p.seq and m.reserved_by = p.by and m.status || '' = 'RESERVED'

-- name: message.count_reserved
select count(*) as messages from message m
where m.run_id = :run_id and m.reserved_by = :by and m.status = 'RESERVED'

-- name: message.oldest_pending
select :place as place, m.at from message m
where m.run_id = :run_id and m.name = :name and m.status = 'PENDING' and m.news > :after
order by m.seq limit 1

-- name: message.oldest_pending (postgresql)
select p.place, m.at
from unnest(:place::int[], :run_id::bytea[], :name::text[], :after::int[]) p(place, run_id, name, after)
cross join lateral (
  select m.at from message m
  where m.run_id = p.run_id and m.name = p.name and m.status = 'PENDING' and m.news > p.after
  order by m.seq limit 1) m

-- name: message.pending
-- The plus keeps PostgreSQL from walking through all messages for the sake of their order, and the names, all of which
-- are greater, lead SQLite to the index of what is pending: most messages are done with.
select ${message.columns} from message m
where m.run_id = :run_id and m.status = 'PENDING' and m.name >= ''
order by +m.seq limit :limit

-- name: message.pending_of
-- Its own statement, so that a look into a topic is a range of the index of what is pending.
select ${message.columns} from message m
where m.run_id = :run_id and m.name = :name and m.status = 'PENDING' and m.seq > :after
order by m.seq limit :limit

-- name: message.list
select ${message.columns} from message m
where m.run_id = :run_id and m.seq > :after and (:name = '' or m.name = :name) and (:status = '' or m.status = :status)
order by m.seq limit :limit

-- name: message.with_ids
-- For the plus see message.pending: here it is for SQLite.
select ${message.columns} from message m
where m.run_id = :run_id and m.name = :name and m.id ${any :ids} and m.id is not null
order by +m.seq

-- name: message.with_ids (postgresql)
-- One look for each. Not a join, which the planner might begin with all messages of the run.
select ${message.columns}
from unnest(:ids::text[]) p(id)
cross join lateral (
  select * from message m
  where m.run_id = :run_id and m.name = :name and m.id = p.id and m.id is not null limit 1) m
order by m.seq

-- name: message.caused
-- SQLite begins a cross join with what stands first.
select ${message.columns} from cause c cross join message m
where c.run_id = :run_id and c.input = :input and m.run_id = c.run_id and m.seq = c.message
order by m.seq

-- name: message.counts
select name, status, count(*) as messages from message where run_id = :run_id group by name, status

-- name: message.outdated
-- The oldest of those that are done with.
select count(*) as found, max(oldest.seq) as up_to from (
  select m.seq, m.at from message m
  where m.run_id = :run_id and m.status in ('CONSUMED', 'SKIPPED') and m.stripped = 0
  order by m.seq limit :limit) oldest
where oldest.at < :before

-- name: message.strip
-- The row stays, because its id must stay known for ever.
update message set stripped = 1, payload = 'null'
where run_id = :run_id and status in ('CONSUMED', 'SKIPPED') and stripped = 0 and seq <= :up_to and at < :before

-- name: message.delete
delete from message where run_id = :id

-- name: message.delete (postgresql)
delete from message where run_id = any(:id)
