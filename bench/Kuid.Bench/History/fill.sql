-- Jobs @first to @last of a history of @count, over the last 25 days before @now (microseconds), as their daemon would have left them.
--
-- Every property comes from bits of one number that a job's id is scattered to, so that they are independent and each run is the same.
-- Numbers of kinds, states, origins and reasons are those of the daemon's enums; the words of argv end with a NUL each.
WITH RECURSIVE
  ids (id) AS (SELECT @first UNION ALL SELECT id + 1 FROM ids WHERE id < @last),
  dice (id, a, b, c, created_at) AS MATERIALIZED (
    SELECT id, (id * 48271) % 2147483647 % 1000, (id * 69621) % 2147483647 % 1000, (id * 16807) % 2147483647 % 1000,
      @now - (@count - id) * (25 * 86400 * 1000000 / @count)
    FROM ids),
  kinds AS MATERIALIZED (
    SELECT *,
      CASE WHEN a < 600 THEN 1 WHEN a < 850 THEN 2 WHEN a < 900 THEN 3 WHEN a < 990 THEN 5 ELSE 6 END AS kind,
      CASE WHEN b < 900 THEN 5 WHEN b < 970 THEN 6 WHEN b < 990 THEN 7 ELSE 8 END AS state
    FROM dice),
  doors AS MATERIALIZED (
    SELECT *,
      CASE kind WHEN 5 THEN 4 WHEN 6 THEN 3 ELSE CASE WHEN kind = 1 AND c < 600 THEN 1 WHEN c >= 995 THEN 5 ELSE 2 END END AS origin
    FROM kinds),
  labelled AS MATERIALIZED (
    SELECT *,
      CASE WHEN origin = 2 AND c % 3 = 0
        THEN json_object('team', CASE b % 3 WHEN 0 THEN 'web' WHEN 1 THEN 'db' ELSE 'ops' END, 'run', CAST(id / 1000 AS TEXT)) END AS labels,
      3000 + b * 40 AS wait,
      1000 + a * c AS took
    FROM doors)
INSERT INTO jobs (
  id, version, kind, state, reason, ended_by, wait_status, origin, principal, name, service, queue, priority, labels, command,
  clear_env, stdin_mode, stdin_bytes, drain, keep_output, created_at, queued_at, started_at, finished_at, duration, cpu_user, cpu_system,
  max_rss_bytes, pid, stdout_bytes, stderr_bytes, stdout_kept_bytes, stderr_kept_bytes, output_incomplete, output_pruned,
  attempt, max_attempts, isolation)
SELECT
  id, 4, kind, state,
  CASE state WHEN 7 THEN 7 WHEN 8 THEN 9 WHEN 6 THEN iif(c % 4 = 0, 3, 1) ELSE 1 END,
  iif(state = 7, 'uid:1000', NULL),
  CASE state WHEN 5 THEN 0 WHEN 6 THEN iif(c % 4 = 0, 15, 256 * (1 + c % 3)) WHEN 7 THEN 15 END,
  origin, 'uid:' || (1000 + b % 7),
  CASE WHEN id = 10 THEN 'needle' WHEN origin IN (2, 5) AND a % 4 = 0 THEN 'nightly-' || (b % 50) END,
  iif(kind = 5, 'service-' || (b % 20), NULL),
  iif(origin IN (2, 5), CASE WHEN b % 10 < 6 THEN 'default' WHEN b % 10 < 8 THEN 'builds' WHEN b % 10 = 8 THEN 'mail' ELSE 'nights' END, NULL),
  0, labels,
  CAST(CASE kind
    WHEN 1 THEN 'make -C /srv/app' || c || ' target' || (id % 997)
    WHEN 2 THEN '/usr/bin/rsync' || char(0) || '-a' || char(0) || '/srv/' || c || char(0) || '/backup/' || b || char(0)
    WHEN 3 THEN 'ps | where rss > ' || c || 'MB | sort -r rss'
    WHEN 5 THEN 'service-' || (b % 20) || char(0) || 'argument' || c || char(0)
    ELSE 'cd /srv/' || c || '; ls' || char(0) END AS BLOB),
  0, 0, 0, iif(origin = 1, NULL, 1000000), iif(origin = 1, NULL, 67108864),
  created_at, iif(origin IN (2, 5), created_at, NULL), created_at + wait, created_at + wait + took, took, took / 4, took / 5,
  50000000 + c * 4096, 1000 + id % 30000,
  iif(c % 2 = 0, 68, 0), 0, iif(c % 2 = 0, 68, 0), 0, 0, created_at < @now - 7 * 86400 * 1000000,
  1, 1, iif(origin = 1, 1, 2)
FROM labelled;

INSERT INTO labels (key, value, job_id)
SELECT pair.key, pair.value, jobs.id FROM jobs, json_each(jobs.labels) AS pair
WHERE jobs.id BETWEEN @first AND @last AND jobs.labels IS NOT NULL;

-- Output is kept for a week; each has one piece of 68 bytes on stdout (OutputShape).
INSERT INTO outputs (job_id, finished_at, shape, stdout_bytes, stderr_bytes, stdout)
SELECT id, finished_at, x'0100440101C0CDB69CA03400000000', 68, 0, CAST(printf('%-67s', 'as job ' || id || ' wrote it') || char(10) AS BLOB)
FROM jobs WHERE id BETWEEN @first AND @last AND stdout_bytes = 68 AND NOT output_pruned;

UPDATE counters SET value = @last WHERE name = 'reserved_ids';
UPDATE counters SET value = (SELECT coalesce(sum(stdout_bytes + stderr_bytes), 0) FROM outputs) WHERE name = 'output_bytes';
