-- A history as the fourth version of kuid-jobd left it (user_version 4). It is never changed: it shows that such a file is read.
PRAGMA application_id = 1265985892;
PRAGMA user_version = 4;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE batches (
  id INTEGER PRIMARY KEY,
  name TEXT,
  principal TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  max_parallel INTEGER,
  stop_on_failure INTEGER NOT NULL,
  stopped INTEGER NOT NULL
);
CREATE TABLE counters (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO "counters" VALUES('batches',0);
INSERT INTO "counters" VALUES('in_use',0);
INSERT INTO "counters" VALUES('output_bytes',6);
INSERT INTO "counters" VALUES('reserved_ids',1000);
CREATE TABLE hosts (
  name TEXT PRIMARY KEY,
  address TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO "hosts" VALUES('web1','exec:ssh web1 kuid-sysreqd -');
CREATE TABLE idempotency_keys (
  principal TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint BLOB NOT NULL,
  job_id INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (principal, key)
) WITHOUT ROWID;
INSERT INTO "idempotency_keys" VALUES('uid:1000','deploy-17',X'0102',2,1893456000000000);
CREATE TABLE inputs (
  job_id INTEGER PRIMARY KEY,
  stdin BLOB NOT NULL
);
INSERT INTO "inputs" VALUES(1,X'68656C6C6F');
CREATE TABLE jobs (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  state INTEGER NOT NULL,
  reason INTEGER,
  detail TEXT,
  ended_by TEXT,
  wait_status INTEGER,
  origin INTEGER NOT NULL,
  principal TEXT NOT NULL,
  name TEXT,
  service TEXT,
  queue TEXT,
  priority INTEGER NOT NULL,
  labels TEXT,
  command BLOB NOT NULL,
  env BLOB,
  clear_env INTEGER NOT NULL,
  cwd BLOB,
  stdin_mode INTEGER NOT NULL,
  stdin_bytes INTEGER NOT NULL,
  timeout INTEGER,
  grace INTEGER,
  drain INTEGER,
  keep_output INTEGER,
  created_at INTEGER NOT NULL,
  queued_at INTEGER,
  started_at INTEGER,
  finished_at INTEGER,
  duration INTEGER,
  cpu_user INTEGER,
  cpu_system INTEGER,
  max_rss_bytes INTEGER,
  pid INTEGER,
  pid_boot_id TEXT,
  pid_start_ticks INTEGER,
  stdout_bytes INTEGER NOT NULL,
  stderr_bytes INTEGER NOT NULL,
  stdout_kept_bytes INTEGER NOT NULL,
  stderr_kept_bytes INTEGER NOT NULL,
  output_incomplete INTEGER NOT NULL,
  output_pruned INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  max_attempts INTEGER NOT NULL
, host TEXT, hosts TEXT, not_before INTEGER, expires_in INTEGER, retry_backoff INTEGER NOT NULL DEFAULT 1000000, attempt_stdout_offset INTEGER NOT NULL DEFAULT 0, attempt_stderr_offset INTEGER NOT NULL DEFAULT 0, after TEXT, after_mode INTEGER NOT NULL DEFAULT 1, concurrency_key TEXT, key_policy INTEGER NOT NULL DEFAULT 1, parent_id INTEGER, batch_id INTEGER, schedule TEXT, limits TEXT, callback_url TEXT, disconnect INTEGER NOT NULL DEFAULT 1);
INSERT INTO "jobs" VALUES(1,1,1,2,NULL,NULL,NULL,NULL,2,'uid:1000',NULL,NULL,'default',0,'{"team":"web"}',X'6361743B206563686F2027FF27',NULL,0,NULL,1,5,NULL,NULL,NULL,NULL,1893456000000000,1893456000000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,0,0,0,0,1,1,NULL,NULL,NULL,NULL,1000000,0,0,NULL,1,NULL,1,NULL,NULL,NULL,NULL,NULL,1);
INSERT INTO "jobs" VALUES(2,3,2,5,1,NULL,NULL,0,2,'uid:1000',NULL,NULL,'default',0,NULL,X'6563686F0068656C6C6F00',X'413D3100423D00',0,X'2F737276',0,0,NULL,NULL,NULL,NULL,1893456000000000,1893456000000000,1893456000250000,1893456000262000,12000,NULL,NULL,NULL,NULL,NULL,NULL,6,0,6,0,0,0,1,1,NULL,NULL,NULL,NULL,1000000,0,0,NULL,1,NULL,1,NULL,NULL,NULL,NULL,NULL,1);
INSERT INTO "jobs" VALUES(3,4,2,7,7,NULL,'uid:0',15,2,'uid:1000',NULL,NULL,'default',0,NULL,X'736C6565700036303000',NULL,0,NULL,0,0,NULL,NULL,NULL,NULL,1893456000000000,1893456000000000,1893456001000000,1893456002000000,1000000,NULL,NULL,NULL,NULL,NULL,NULL,0,0,0,0,0,0,1,1,NULL,NULL,NULL,NULL,1000000,0,0,NULL,1,NULL,1,NULL,NULL,NULL,NULL,NULL,1);
INSERT INTO "jobs" VALUES(4,1,3,2,NULL,NULL,NULL,NULL,2,'uid:0',NULL,NULL,'default',0,NULL,X'7073207C20686561642033',NULL,0,NULL,0,0,NULL,NULL,NULL,67108864,1893456000000000,1893456000000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,0,0,0,0,1,1,NULL,'["web1","local"]',NULL,NULL,1000000,0,0,NULL,1,NULL,1,NULL,NULL,NULL,NULL,NULL,1);
INSERT INTO "jobs" VALUES(5,1,1,2,NULL,NULL,NULL,NULL,5,'uid:0',NULL,NULL,'default',0,NULL,X'74727565',NULL,0,NULL,0,0,NULL,NULL,NULL,NULL,1893456000000000,1893456000000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,0,0,0,0,1,3,NULL,NULL,NULL,NULL,1000000,0,0,NULL,1,'backup',1,NULL,NULL,NULL,NULL,NULL,1);
CREATE TABLE labels (
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  job_id INTEGER NOT NULL,
  PRIMARY KEY (key, value, job_id)
) WITHOUT ROWID;
INSERT INTO "labels" VALUES('team','web',1);
CREATE TABLE outputs (
  job_id INTEGER PRIMARY KEY,
  finished_at INTEGER NOT NULL,
  shape BLOB NOT NULL,
  stdout_bytes INTEGER NOT NULL,
  stderr_bytes INTEGER NOT NULL,
  stdout BLOB,
  stderr BLOB
);
INSERT INTO "outputs" VALUES(2,1893456000262000,X'00',6,0,X'68656C6C6F0A',NULL);
CREATE TABLE queues (
  name TEXT PRIMARY KEY,
  concurrency INTEGER,
  paused INTEGER NOT NULL,
  draining INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE schedules (
  name TEXT PRIMARY KEY,
  definition TEXT NOT NULL,
  principal TEXT NOT NULL,
  paused INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  last_at INTEGER,
  last_job INTEGER,
  last_error TEXT,
  next_at INTEGER
) WITHOUT ROWID;
CREATE INDEX jobs_by_state ON jobs (state, id);
CREATE INDEX jobs_by_origin ON jobs (origin, id);
CREATE INDEX jobs_by_kind ON jobs (kind, id);
CREATE INDEX jobs_by_queue ON jobs (queue, id) WHERE queue IS NOT NULL;
CREATE INDEX jobs_by_service ON jobs (service, id) WHERE service IS NOT NULL;
CREATE INDEX jobs_by_created_at ON jobs (created_at);
CREATE INDEX jobs_by_finished_at ON jobs (state, finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX labels_by_job ON labels (job_id);
CREATE INDEX outputs_by_age ON outputs (finished_at, stdout_bytes, stderr_bytes);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
CREATE INDEX idempotency_keys_by_job ON idempotency_keys (job_id);
CREATE INDEX jobs_by_batch ON jobs (batch_id, state, finished_at) WHERE batch_id IS NOT NULL;
ALTER TABLE jobs ADD COLUMN claimed_user TEXT;
ALTER TABLE jobs ADD COLUMN passed_through INTEGER NOT NULL DEFAULT 0;
UPDATE jobs SET claimed_user = 'me', passed_through = 1 WHERE id = 1;
COMMIT;
