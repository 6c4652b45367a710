-- part: input.columns
i.number, i.source, i.type, i.id, i.title, i.at,
(select count(*) from cause c join message m on m.run_id = c.run_id and m.seq = c.message
  where c.run_id = i.run_id and c.input = i.number and m.status in ('PENDING', 'RESERVED')) as pending,
(select count(*) from cause c join message m on m.run_id = c.run_id and m.seq = c.message
  where c.run_id = i.run_id and c.input = i.number and m.status in ('CONSUMED', 'SKIPPED')) as done

-- name: input.known
select i.source, i.type, i.id, i.number from input i
where i.run_id = :run_id and i.source = :source and i.type = :type and i.id = :id

-- name: input.known (postgresql)
-- One look for each. Not a plain join, which the planner might begin with all inputs of the run.
select p.source, p.type, p.id, i.number
from unnest(:source::text[], :type::text[], :id::text[]) p(source, type, id)
cross join lateral (
  select i.number from input i
  where i.run_id = :run_id and i.source = p.source and i.type = p.type and i.id = p.id limit 1) i

-- name: input.newest
select coalesce(max(i.number), 0) as number from input i where i.run_id = :run_id

-- name: input.register
insert into input (run_id, number, source, type, id, title, at)
values (:run_id, :number, :source, :type, :id, :title, :at)
on conflict (run_id, source, type, id) do update set title = excluded.title where input.title <> excluded.title and excluded.title <> ''

-- name: input.register (postgresql)
insert into input (run_id, number, source, type, id, title, at)
select :run_id::bytea, unnest(:number::int[]), unnest(:source::text[]), unnest(:type::text[]), unnest(:id::text[]),
  unnest(:title::text[]), :at::bigint
on conflict (run_id, source, type, id) do update set title = excluded.title where input.title <> excluded.title and excluded.title <> ''

-- name: input.list
select ${input.columns} from input i
where i.run_id = :run_id and i.number > :after
order by i.number limit :limit

-- name: input.of_message
-- SQLite begins a cross join with what stands first.
select ${input.columns} from cause of_it cross join input i
where of_it.run_id = :run_id and of_it.message = :message and i.run_id = of_it.run_id and i.number = of_it.input
order by i.number

-- name: input.delete
delete from input where run_id = :id

-- name: input.delete (postgresql)
delete from input where run_id = any(:id)
