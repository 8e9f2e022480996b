import type { Field } from "../protocol.ts"
import { explain } from "./explanations.ts"
import type { Masker } from "./masker.ts"
import { maskedValue, secretReason } from "./secrets.ts"

/** Turns headers, parameters and bodies into fields that may be shown. */
export interface FieldReader {
  headers(headers: Readonly<Record<string, string>>): readonly Field[]
  query(query: URLSearchParams): readonly Field[]
  /** A body in whatever form: JSON and forms become fields, of anything else only type and size are shown. */
  body(contentType: string, body: string | Uint8Array | null): readonly Field[]
  /** Fields as they are, in the same way: masked and explained. */
  plain(values: Readonly<Record<string, string>>): readonly Field[]
}

const mostFields = 60
const longestValue = 240
/** Longer bodies are not read: they would hold up the login that is being watched. */
const longestBody = 262_144
/** Headers about the connection, which say nothing about the login. */
const ofConnection =
  /^(connection|keep-alive|transfer-encoding|date|host|content-length|accept-encoding|sec-.*)$/

export function createFieldReader(masker: Masker): FieldReader {
  function field(name: string, value: string, isProblem = false): Field {
    const secret = secretReason(name, isProblem, value)
    const purpose = explain(name, isProblem)
    return {
      name: shortened(masker.scrub(name)),
      value: secret === undefined || value === "" ? shortened(masker.scrub(value)) : maskedValue(name, value),
      ...(secret === undefined || value === "" ? {} : { secret }),
      ...(purpose === undefined ? {} : { explain: purpose }),
    }
  }

  function fields(pairs: Iterable<readonly [string, string]>, isProblem = false): readonly Field[] {
    const all = [...pairs]
    const shown = all.slice(0, mostFields).map(([name, value]) => field(name, value, isProblem))
    return all.length > mostFields ? [...shown, { name: "…", value: `+${all.length - mostFields}` }] : shown
  }

  return {
    headers: headers => fields(Object.entries(headers).filter(([name]) => !ofConnection.test(name))),
    query: query => fields(query),
    plain: values => fields(Object.entries(values)),
    body(contentType, body) {
      if (body === null || body.length === 0) return []
      const bytes = typeof body === "string" ? Buffer.byteLength(body) : body.byteLength
      const text = bytes > longestBody ? "" : typeof body === "string" ? body : Buffer.from(body).toString()
      if (/^application\/x-www-form-urlencoded/i.test(contentType)) return fields(new URLSearchParams(text))
      const json = parsed(text)
      if (json !== undefined) return fields(leaves(json), /^application\/problem\+json/i.test(contentType))
      // Not even the beginning: a form of several parts may begin with a secret.
      return [{ name: "body", value: `${shortened(masker.scrub(contentType)) || "?"}, ${bytes} B` }]
    },
  }
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === "object" && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

/** Every value in the object with its way there: `user.id`, `orders.0.title`. */
function* leaves(value: object, path = "", depth = 0): Generator<readonly [string, string]> {
  for (const [name, inner] of Object.entries(value)) {
    const way = path === "" ? name : `${path}.${name}`
    const isBranch = typeof inner === "object" && inner !== null
    // A list or object under a secret name is a secret as a whole.
    if (isBranch && depth < 6 && secretReason(name) === undefined) yield* leaves(inner, way, depth + 1)
    else yield [way, typeof inner === "string" ? inner : JSON.stringify(inner)]
  }
}

function shortened(text: string): string {
  return text.length <= longestValue ? text : `${text.slice(0, longestValue)}…`
}
