// Numbers for Prometheus.
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

/** The service's metrics. */
export interface Metrics {
  readonly registry: Registry;
  readonly requests: Histogram<"method" | "route" | "status">;
  readonly uploads: Gauge;
  readonly uploadedBytes: Counter;
  readonly jobs: Histogram<"kind" | "state">;
}

/** Metrics in a registry of their own, so that two services of one process do not share them. */
export function createMetrics(engines: () => { readonly running: number; readonly deaths: number }): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  void new Gauge({
    name: "islet_engines_running",
    help: "Tasks that engine processes work on",
    registers,
    collect() {
      this.set(engines().running);
    },
  });
  void new Gauge({
    name: "islet_engine_deaths",
    help: "Engine processes that died or were ended for memory or time, since the start",
    registers,
    collect() {
      this.set(engines().deaths);
    },
  });
  return {
    registry,
    requests: new Histogram({
      name: "islet_http_request_seconds",
      help: "Seconds from a request to its answer",
      labelNames: ["method", "route", "status"],
      buckets: [0.002, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30],
      registers,
    }),
    uploads: new Gauge({ name: "islet_uploads_open", help: "Uploads being received or read", registers }),
    uploadedBytes: new Counter({ name: "islet_uploaded_bytes_total", help: "Bytes of uploads that were received", registers }),
    jobs: new Histogram({
      name: "islet_job_seconds",
      help: "Seconds from a job's start to its end",
      labelNames: ["kind", "state"],
      buckets: [0.1, 0.5, 1, 5, 30, 120, 600, 3600],
      registers,
    }),
  };
}
