/**
 * A `fetch` that goes by way of the stage's server: a mini program's requests know no CORS.
 * @param address of the relay
 * @param onFailure is told what was not answered, and why: a mini program may not look
 */
export function relayedFetch(address: string, onFailure: (message: string) => void): typeof fetch {
  return async (input, init = {}) => {
    const request = new Request(input, init)
    // A Request drops headers that pages may not set; a mini program may.
    const headers = Object.fromEntries(new Headers(init.headers))
    const { referer } = (init.headers ?? {}) as { referer?: string }
    const response = await fetch(address, {
      method: "POST",
      headers: {
        "x-relay-method": init.method ?? "GET",
        "x-relay-url": encodeURI(decodeURI(request.url)),
        "x-relay-headers": encodeURIComponent(
          JSON.stringify({ ...headers, ...(referer !== undefined && { referer }) }),
        ),
      },
      body: init.body ?? null,
      signal: init.signal ?? null,
    })
    if (response.status !== 200) {
      const why = await response.text()
      const { origin, pathname } = new URL(request.url)
      // Without what follows the path, which may be a secret.
      onFailure(`${init.method ?? "GET"} ${origin}${pathname}: ${why}`)
      throw new TypeError(`Failed to fetch: ${why}`)
    }
    const status = Number(response.headers.get("x-relay-status"))
    const hasBody = ![204, 205, 304].includes(status)
    const answer = new Response(hasBody ? response.body : null, { status })
    // A Response that a page makes drops cookies; a mini program reads them.
    return Object.defineProperty(answer, "headers", { value: headersOf(response) })
  }
}

function headersOf({ headers }: Response): Headers {
  const said = (name: string) => JSON.parse(decodeURIComponent(headers.get(name) ?? "[]"))
  const all = new Headers(said("x-relay-headers"))
  for (const cookie of said("x-relay-cookies")) all.append("set-cookie", cookie)
  return all
}
