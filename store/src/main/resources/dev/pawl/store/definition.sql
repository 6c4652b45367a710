-- name: definition.insert
-- Whoever is first decides the shape; everybody reads afterwards what is stored.
insert into definition (program, version, shape, created_at) values (:program, :version, :shape, :at)
on conflict do nothing

-- name: definition.get
select id, program, version, shape from definition where program = :program and version = :version

-- name: definition.list
select id, program, version, shape from definition order by id
