-- name: message.send
insert into message (run_id, at, seq, status, name, id, actor, payload)
values (:run_id, :at, :seq, 'PENDING', :name, :id, :actor, :payload)
on conflict do nothing

-- name: message.consume
update message set status = 'CONSUMED' where run_id = :run_id and seq = :seq and status in ('PENDING', 'RESERVED')

-- name: message.pending
select m.run_id, m.at, m.seq, m.status, m.name, m.id, m.actor, m.payload from message m
where m.run_id = :run_id and m.status = 'PENDING' and (:any_name = 1 or m.name = :name)
order by m.seq limit :limit

-- name: message.delete
delete from message where run_id = :id

-- name: message.delete (postgresql)
delete from message where run_id = any(:id)
