ALTER TABLE "patient_case"
  ADD COLUMN "used_at" timestamptz,
  ADD COLUMN "removing" boolean NOT NULL DEFAULT false;
