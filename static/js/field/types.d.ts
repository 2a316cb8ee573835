/** What the field app keeps and exchanges; see docs/field-app.md. */

/** Points of a level, not applicable, not observed; unanswered is no key at all. */
export type Answer = number | "NA" | "NO";

export interface Photo {
  id: string;
  interaction: string | null;
  sha256: string;
  size: number;
  type: string;
}

export interface StoredPhoto {
  id: string;
  record: string;
  type: string;
  sha256: string;
  bytes: ArrayBuffer;
}

/** The content of one sending: its canonical text and hash never change again. */
export interface Frozen {
  text: string;
  sha256: string;
  base_revision: number | null;
  /** The number of edits that it contains. */
  edits: number;
  at: number;
  /** Sent although there is a receipt: the server does not know it any more. */
  anew?: boolean;
}

export interface Receipt {
  sha256: string;
  revision: number;
  at: number;
  /** The number of edits that the server has. */
  edits: number;
}

export interface FieldError {
  path: string;
  detail: string;
}

export interface Problem {
  status: string;
  title: string;
  errors: FieldError[];
  revision: number | null;
  at: number;
}

export type State = "draft" | "ready" | "parked" | "received";

/** One visit, from its beginning to its receipt. */
export interface FieldRecord {
  id: string;
  state: State;
  programme: string;
  journey: string;
  framework_version: number;
  guide: string;
  method: string;
  location: string;
  observer: string | null;
  visit: string | null;
  forked_from: string | null;
  /** ISO with the offset of the device. */
  started_at: string;
  began: number;
  saved_at: number;
  mirrored_at: number;
  duration_ms: number;
  answers: Record<string, Answer>;
  notes: Record<string, string>;
  comment: string;
  media: Photo[];
  place: Place;
  edits: number;
  frozen: Frozen | null;
  receipt: Receipt | null;
  /** Photos that the server has not got yet. */
  missing: string[];
  /** A photo's answer did not arrive: ask before sending it again. */
  doubt: boolean;
  problem: Problem | null;
  attempts: number;
  lastError: string | null;
}

export interface Place {
  stage: number;
  scroll: number;
}

export type Change =
  | { kind: "begin"; record: FieldRecord }
  | { kind: "answer"; key: string; answer: Answer | null }
  | { kind: "note"; key: string; text: string }
  | { kind: "comment"; text: string }
  | { kind: "photo"; item: Photo }
  | { kind: "remove-photo"; id: string }
  | { kind: "place"; place: Place }
  | { kind: "spent"; ms: number }
  | { kind: "finish" }
  | { kind: "reopen" }
  | { kind: "freeze"; frozen: Frozen }
  | { kind: "receipt"; sha256: string; revision: number; missing: string[] }
  | { kind: "media"; missing: string[] }
  | { kind: "doubt"; doubt: boolean }
  | { kind: "park"; problem: Problem }
  | { kind: "again" }
  | { kind: "rebase"; revision: number }
  | { kind: "failed"; why: string; counts: boolean }
  | { kind: "mirrored"; at: number };

export interface Level {
  points: number;
  label: string;
}

export interface Question {
  key: string;
  statement: string;
  channel: string | null;
  kind?: string;
  levels: Level[];
}

export interface Stage {
  key: string;
  name: string;
  phase: "before" | "during" | "after";
  moment_of_truth?: boolean;
  interactions: Question[];
}

export interface Guide {
  /** Written on this device when it is kept. */
  programme?: string;
  journey: string;
  name: string;
  segment: string;
  framework_version: number;
  status: string;
  stages: Stage[];
}

export interface Closure {
  from: string;
  to: string;
  reason: string;
}

export interface Location {
  code: string;
  name: string;
  region: string;
  hours?: Record<string, [string, string][]> | null;
  closures?: Closure[];
  lockouts?: Closure[];
}

export interface Visit {
  id: string;
  journey: string;
  method: string;
  location: string;
  observer: string | null;
  wave: string | null;
  from: string;
  to: string;
  note: string;
  done: number;
  quota: number;
}

/** `GET guides/`. */
export interface Book {
  programme: { slug: string; name: string; language: string };
  device?: { id: string; name: string } | null;
  observer: string | null;
  observers?: { code: string; name: string }[];
  methods: string[];
  locations: Location[];
  channels?: { key: string; name: string }[];
  guides: Guide[];
  visits: Visit[];
}

/** What enrolment gave; the token is kept here and nowhere else. */
export interface Device {
  token: string;
  id: string;
  name: string;
  programme: { slug: string; name: string; language: string };
  locations: { code: string; name: string; region: string }[];
}

export interface Answered {
  status: number;
  json: any;
  retryAfter: number | null;
  etag: string | null;
}

export interface MirroredDraft {
  id: string;
  saved_at: string;
  journey: string;
  framework_version: number;
  document: Record<string, any>;
  place: Partial<Place>;
}
