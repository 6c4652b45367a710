-- part: effect.columns
e.ordinal, e.revision, e.attempt, e.at, e.kind, e.status, e.label, e.request, e.value, e.problem

-- name: effect.record
-- Only while the task is still running this attempt. No lock is taken for it: whoever lost the lease at this very moment
-- may still get a row in, and the one who has it now then finds the place taken and begins again with what is there.
insert into effect (run_id, name, idx, ordinal, revision, attempt, at, kind, status, label, request, value, problem)
select :run_id, :name, :idx, :ordinal, :revision, :attempt, :at, :kind, :status, :label, :request, :value, :problem
where exists (select 1 from task t where t.run_id = :run_id and t.name = :name and t.idx = :idx and t.attempt = :attempt
  and t.status = 'RUNNING')
on conflict do nothing

-- name: effect.record (postgresql)
-- One statement for the batch, see run.insert. Not a join, which the planner might turn around.
insert into effect (run_id, name, idx, ordinal, revision, attempt, at, kind, status, label, request, value, problem)
select p.* from (select
    unnest(:run_id::bytea[]) as run_id, unnest(:name::text[]) as name, unnest(:idx::int[]) as idx,
    unnest(:ordinal::int[]) as ordinal, unnest(:revision::int[]) as revision, unnest(:attempt::int[]) as attempt,
    unnest(:at::bigint[]) as at, unnest(:kind::text[]) as kind, unnest(:status::text[]) as status,
    unnest(:label::text[]) as label, unnest(:request::text[]) as request, unnest(:value::text[]) as value,
    unnest(:problem::text[]) as problem) p
where (select t.status = 'RUNNING' from task t
  where t.run_id = p.run_id and t.name = p.name and t.idx = p.idx and t.attempt = p.attempt)
on conflict do nothing

-- name: effect.append
-- For attempts that the transaction knows to count.
insert into effect (run_id, name, idx, ordinal, revision, attempt, at, kind, status, label, request, value, problem)
values (:run_id, :name, :idx, :ordinal, :revision, :attempt, :at, :kind, :status, :label, :request, :value, :problem)
on conflict do nothing

-- name: effect.append (postgresql)
insert into effect (run_id, name, idx, ordinal, revision, attempt, at, kind, status, label, request, value, problem)
select
  unnest(:run_id::bytea[]), unnest(:name::text[]), unnest(:idx::int[]), unnest(:ordinal::int[]),
  unnest(:revision::int[]), unnest(:attempt::int[]), unnest(:at::bigint[]), unnest(:kind::text[]),
  unnest(:status::text[]), unnest(:label::text[]), unnest(:request::text[]), unnest(:value::text[]),
  unnest(:problem::text[])
on conflict do nothing

-- name: effect.keep
-- The newest content of a place. The task may have ended in this very transaction; a later attempt must not have begun.
insert into effect (run_id, name, idx, ordinal, revision, attempt, at, kind, status, label, request, value, problem)
select :run_id, :name, :idx, :ordinal, 0, :attempt, :at, :kind, :status, :label, :request, :value, :problem
where exists (select 1 from task t where t.run_id = :run_id and t.name = :name and t.idx = :idx and t.attempt = :attempt
  and t.status <> 'CANCELLED')
on conflict (run_id, name, idx, ordinal, revision) do update set attempt = excluded.attempt, at = excluded.at,
  kind = excluded.kind, status = excluded.status, label = excluded.label, request = excluded.request,
  value = excluded.value, problem = excluded.problem
where effect.attempt <= excluded.attempt

-- name: effect.recorded
select e.attempt from effect e
where e.run_id = :run_id and e.name = :name and e.idx = :idx and e.ordinal = :ordinal and e.revision = :revision
  and e.attempt = :attempt

-- name: effect.list
select ${effect.columns} from effect e
where e.run_id = :run_id and e.name = :name and e.idx = :idx and e.ordinal >= :from
order by e.ordinal, e.revision limit :limit

-- name: effect.newest
select ${effect.columns} from effect e
where e.run_id = :run_id and e.name = :name and e.idx = :idx and e.ordinal >= 0
order by e.ordinal desc, e.revision desc limit 1

-- name: effect.since
-- Whether a task got anywhere.
select 1 as found from effect e
where e.run_id = :run_id and e.name = :name and e.idx = :idx and e.attempt > :attempt
  and e.ordinal >= -3 limit 1

-- name: effect.undecided
-- Where a person has to say something: of what nobody knows whether it happened, and what somebody has to approve. What is
-- asked about a whole run has no task.
select e.run_id, e.name, e.idx, ${effect.columns} from effect e
left join task t on t.run_id = e.run_id and t.name = e.name and t.idx = e.idx
where e.run_id = :run_id and (t.status is null or t.status in ('READY', 'RUNNING'))
  and (e.status = 'INDETERMINATE' or (e.status = 'BEGUN' and e.kind in ('approval', 'policy'))) and not exists (
  select 1 from effect later where later.run_id = e.run_id and later.name = e.name and later.idx = e.idx
    and later.ordinal = e.ordinal and later.revision > e.revision)
order by e.name, e.idx, e.ordinal

-- name: effect.copy
-- As if it had been recorded there: by the attempts of the task that it goes on from, or by nobody's.
insert into effect (run_id, name, idx, ordinal, revision, attempt, at, kind, status, label, request, value, problem)
select :to, e.name, :to_idx, e.ordinal, e.revision, case when :own = 1 then e.attempt else 0 end, e.at, e.kind, e.status, e.label, e.request, e.value, e.problem
from effect e where e.run_id = :from and e.name = :name and e.idx = :idx and e.ordinal >= 0 and e.ordinal < :below
on conflict do nothing

-- name: effect.forget
delete from effect where run_id = :run_id and name = :name and idx = :idx

-- name: effect.forget (postgresql)
delete from effect e using unnest(:run_id::bytea[], :name::text[], :idx::int[]) p(run_id, name, idx)
where e.run_id = p.run_id and e.name = p.name and e.idx = p.idx

-- name: effect.delete
delete from effect where run_id = :id

-- name: effect.delete (postgresql)
delete from effect where run_id = any(:id)
