/** What is known once the headers are there. Header names are as fetch gives them: in lower case. */
export interface ResponseHead {
  readonly statusCode: number
  readonly header: Readonly<Record<string, string>>
  /** One `Set-Cookie` each; the runtime keeps none of them. */
  readonly cookies: readonly string[]
}

/** Success, whatever the status. */
export interface RequestResult<Data = unknown> extends ResponseHead {
  readonly data: Data
  readonly errMsg: string
}

export interface ReadingOptions {
  readonly dataType?: string
  readonly responseType?: "text" | "arraybuffer"
}

export function headOf(response: Response): ResponseHead {
  const header: Record<string, string> = {}
  for (const [name, value] of response.headers)
    header[name] = name in header ? `${header[name]},${value}` : value
  return { statusCode: response.status, header, cookies: response.headers.getSetCookie() }
}

/** The body as the page gets it: bytes, text, or what the text parses to. */
export async function readData(
  response: Response,
  { dataType = "json", responseType = "text" }: ReadingOptions,
): Promise<unknown> {
  if (responseType === "arraybuffer") return response.arrayBuffer()
  // Reading as text takes one byte order mark off.
  const text = await response.text()
  return dataType === "json" ? parsedOrText(text) : text
}

function parsedOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
