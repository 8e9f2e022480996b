/** What stands in a push, by name: texts, numbers, and whatever is nested. */
export type PushFields = ReadonlyMap<string, unknown>

/** How deep a push may be nested. WeChat's own are three deep at most. */
const deepest = 16

/**
 * Reads a push, JSON or XML by its first character: WeChat has sent JSON as `text/xml`. Names are trimmed, since its samples have stray
 * spaces in them. `undefined` for what is neither, too deep, or says one thing twice.
 */
export async function readPushFields(text: string): Promise<PushFields | undefined> {
  const body = text.replace(/^\uFEFF/, "").trimStart()
  const value = body.startsWith("<") ? await readXml(body) : readJson(body)
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined
  const fields = new Map<string, unknown>()
  for (const [name, field] of Object.entries(value)) {
    const trimmed = name.trim()
    if (fields.has(trimmed)) return undefined
    fields.set(trimmed, field)
  }
  return fields
}

/**
 * What is encrypted in a push of the safe mode, before anybody has checked the signature: so no XML parser sees the text, and the
 * time it takes grows with its length only.
 */
export function readEncrypted(text: string): string | undefined {
  if (text.trimStart().startsWith("<"))
    return /<Encrypt>\s{0,16}(?:<!\[CDATA\[)?([A-Za-z0-9+/=]+)(?:\]\]>)?\s{0,16}<\/Encrypt>/.exec(text)?.[1]
  const value = readJson(text.trimStart())
  const encrypted = typeof value === "object" && value !== null && "Encrypt" in value && value.Encrypt
  return typeof encrypted === "string" ? encrypted : undefined
}

function readJson(text: string): unknown {
  if (!text.startsWith("{") || isTooDeep(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Counts brackets outside of texts, character by character; what is no JSON at all the parser finds out. */
function isTooDeep(text: string): boolean {
  let depth = 0
  let inText = false
  for (let index = 0; index < text.length; index += 1) {
    const mark = text[index]
    if (inText && mark === "\\") index += 1
    else if (mark === '"') inText = !inText
    else if (!inText && (mark === "{" || mark === "[")) depth += 1
    else if (!inText && (mark === "}" || mark === "]")) depth -= 1
    if (depth > deepest) return true
  }
  return false
}

/**
 * XML as WeChat writes it: elements, texts, CDATA. Everything that begins with `<!` or `<?` and is not CDATA is refused before any parser sees it,
 * so that there is no DTD and no entity to expand or to fetch; the parser is told besides to leave entities alone.
 */
async function readXml(text: string): Promise<unknown> {
  const body = text.replace(/^<\?xml [^<>]{0,100}\?>/, "")
  if (/<[!?]/.test(withoutCdata(body) ?? "<!")) return undefined
  const { XMLParser } = await import("fast-xml-parser")
  const parser = new XMLParser({
    ignoreAttributes: true,
    parseTagValue: false,
    processEntities: false,
    maxNestedTags: deepest,
  })
  try {
    const { xml } = parser.parse(body, true) as { readonly xml?: unknown }
    return xml
  } catch {
    return undefined
  }
}

/** The text with every CDATA section left out; `undefined` if one does not end. */
function withoutCdata(text: string): string | undefined {
  const parts: string[] = []
  let from = 0
  for (;;) {
    const begin = text.indexOf("<![CDATA[", from)
    if (begin === -1) break
    parts.push(text.slice(from, begin))
    const end = text.indexOf("]]>", begin + 9)
    if (end === -1) return undefined
    from = end + 3
  }
  return parts.join(" ") + text.slice(from)
}
