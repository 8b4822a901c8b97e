CREATE TABLE "api_key" (
  "id" text PRIMARY KEY,
  "name" text NOT NULL,
  "hash" text NOT NULL,
  "scopes" text[] NOT NULL,
  "created_at" timestamptz NOT NULL DEFAULT now(),
  "revoked_at" timestamptz
);
--> statement-breakpoint
CREATE TABLE "model" (
  "id" uuid PRIMARY KEY,
  "kind" text NOT NULL,
  "sha256" text NOT NULL UNIQUE,
  "bytes" bigint NOT NULL,
  "description" jsonb NOT NULL,
  "created_at" timestamptz NOT NULL DEFAULT now()
);
--> statement-breakpoint
CREATE TABLE "patient_case" (
  "id" uuid PRIMARY KEY,
  "phase" text,
  "has_mask" boolean NOT NULL,
  "has_rough" boolean NOT NULL,
  "facts" jsonb NOT NULL,
  "created_at" timestamptz NOT NULL DEFAULT now()
);
--> statement-breakpoint
CREATE TABLE "job" (
  "id" uuid PRIMARY KEY,
  "kind" text NOT NULL,
  "state" text NOT NULL DEFAULT 'queued',
  "request" jsonb NOT NULL,
  "result" jsonb,
  "problem" jsonb,
  "starts" integer NOT NULL DEFAULT 0,
  "created_at" timestamptz NOT NULL DEFAULT now(),
  "started_at" timestamptz,
  "finished_at" timestamptz
);
--> statement-breakpoint
CREATE INDEX "job_by_state" ON "job" ("state", "created_at");
--> statement-breakpoint
CREATE TABLE "job_part" (
  "job" uuid NOT NULL REFERENCES "job" ("id") ON DELETE CASCADE,
  "part" integer NOT NULL,
  "patient" text NOT NULL,
  "phase" text NOT NULL,
  "state" text NOT NULL DEFAULT 'queued',
  "cached" boolean,
  "reason" text,
  "starts" integer NOT NULL DEFAULT 0,
  "finished_at" timestamptz,
  PRIMARY KEY ("job", "part")
);
--> statement-breakpoint
CREATE TABLE "job_event" (
  "id" bigserial PRIMARY KEY,
  "job" uuid NOT NULL REFERENCES "job" ("id") ON DELETE CASCADE,
  "data" jsonb NOT NULL,
  "at" timestamptz NOT NULL DEFAULT now()
);
--> statement-breakpoint
CREATE INDEX "job_event_by_job" ON "job_event" ("job", "id");
--> statement-breakpoint
CREATE TABLE "data_folder" (
  "id" uuid PRIMARY KEY
);
