/** A typed client of a service: paths, bodies and answers come from its OpenAPI document. */

export interface Problem {
  code: string
  status: number
  detail: string
  details?: Record<string, unknown>
}

/** The service said no. `detail` is for people, `code` for programs. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail)
  }
}

/** No answer, or one that says "later": trying again with the same key is right. */
export class Unreachable extends Error {
  constructor(readonly status = 0) {
    super('网络不可用，请检查网络后重试。')
  }
}

type Method = 'get' | 'post' | 'put' | 'delete'
type Answer<O> = O extends { responses: infer R }
  ? { [S in keyof R]: S extends 200 | 201 ? (R[S] extends { content: { 'application/json': infer T } } ? T : undefined) : S extends 204 ? undefined : never }[keyof R]
  : never
type BodyOf<O> = O extends { requestBody: { content: { 'application/json': infer T } } } ? T : undefined
type QueryOf<O> = O extends { parameters: { query?: infer Q } } ? Q : never
type PathOf<O> = O extends { parameters: { path: infer P } } ? Omit<P, 'account_id'> : never
type WithMethod<Paths, M extends Method> = {
  [P in keyof Paths]: Paths[P] extends Record<M, { responses: unknown }> ? P : never
}[keyof Paths] &
  string
type Operation<Paths, P extends keyof Paths, M extends Method> = Paths[P] extends Record<M, infer O> ? O : never

export interface Asked<O> {
  path?: PathOf<O>
  query?: QueryOf<O>
  body?: BodyOf<O>
  /** Idempotency key; the same one again is the same request. */
  key?: string
  signal?: AbortSignal
  /** It is sent even when the page is closed before the answer; bodies of a few kB at most. */
  keepalive?: boolean
}

export interface Client<Paths> {
  get<P extends WithMethod<Paths, 'get'>>(path: P, asked?: Asked<Operation<Paths, P, 'get'>>): Promise<Answer<Operation<Paths, P, 'get'>>>
  post<P extends WithMethod<Paths, 'post'>>(path: P, asked?: Asked<Operation<Paths, P, 'post'>>): Promise<Answer<Operation<Paths, P, 'post'>>>
  put<P extends WithMethod<Paths, 'put'>>(path: P, asked?: Asked<Operation<Paths, P, 'put'>>): Promise<Answer<Operation<Paths, P, 'put'>>>
  delete<P extends WithMethod<Paths, 'delete'>>(path: P, asked?: Asked<Operation<Paths, P, 'delete'>>): Promise<Answer<Operation<Paths, P, 'delete'>>>
}

const PATIENCE_MS = 20_000
/** Statuses that say nothing about the request itself. */
const LATER = new Set([408, 425, 429, 500, 502, 503, 504])

export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function addressOf(path: string, parts: Record<string, unknown>, query?: object): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(parts[name])))
  const wanted = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== null && value !== '')
  return wanted.length ? `${filled}?${new URLSearchParams(wanted.map(([name, value]) => [name, String(value)]))}` : filled
}

/** What an answer means: its body, a refusal, or "later". */
export async function understood(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined
  const body: unknown = await response.json().catch(() => undefined)
  if (response.ok && body !== undefined) return body
  const problem = body as Problem | undefined
  if (problem?.code && !(LATER.has(response.status) && response.status !== 429)) throw new Refused(problem)
  throw new Unreachable(response.status)
}

interface Untyped {
  path?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
  key?: string
  signal?: AbortSignal
  keepalive?: boolean
}

async function call(method: Method, address: string, asked: Untyped): Promise<unknown> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (method !== 'get') headers['Idempotency-Key'] = asked.key ?? newKey()
  if (asked.body !== undefined) headers['Content-Type'] = 'application/json'
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS)
  asked.signal?.addEventListener('abort', () => patience.abort())
  try {
    const body = asked.body === undefined ? undefined : JSON.stringify(asked.body)
    const response = await fetch(address, { method: method.toUpperCase(), headers, body, signal: patience.signal, keepalive: asked.keepalive })
    return await understood(response)
  } catch (error) {
    if (error instanceof Refused || error instanceof Unreachable) throw error
    if (asked.signal?.aborted) throw error
    throw new Unreachable()
  } finally {
    clearTimeout(timer)
  }
}

/** `fixed` are path parameters that every call has. */
export function clientOf<Paths>(fixed: Record<string, string>): Client<Paths> {
  const asking = (method: Method) => (path: string, asked: Untyped = {}) => call(method, addressOf(path, { ...fixed, ...asked.path }, asked.query), asked)
  return { get: asking('get'), post: asking('post'), put: asking('put'), delete: asking('delete') } as unknown as Client<Paths>
}
