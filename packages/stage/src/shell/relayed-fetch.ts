/**
 * A `fetch` that goes by way of the stage's server: a mini program's requests know no CORS.
 * @param address of the relay
 */
export function relayedFetch(address: string): typeof fetch {
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
    if (response.status !== 200) throw new TypeError(`Failed to fetch: ${await response.text()}`)
    const status = Number(response.headers.get("x-relay-status"))
    const relayed = JSON.parse(decodeURIComponent(response.headers.get("x-relay-headers") ?? "%7B%7D"))
    return new Response(status === 204 || status === 304 ? null : response.body, { status, headers: relayed })
  }
}
