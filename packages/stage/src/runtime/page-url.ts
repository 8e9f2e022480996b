/** A page's address, as `../detail/detail?id=1`. @param from the path of the page that says it */
export function parsePageUrl(url: string, from: string): { path: string; query: Record<string, string> } {
  const [place = "", text = ""] = url.split(/\?(.*)/s)
  const parts = place.startsWith("/") ? [] : from.split("/").slice(0, -1)
  for (const part of place.split("/")) {
    if (part === "..") parts.pop()
    else if (part !== "" && part !== ".") parts.push(part)
  }
  const query: Record<string, string> = {}
  for (const pair of text.split("&")) {
    if (pair === "") continue
    const [name = "", value = ""] = pair.split(/=(.*)/s)
    // As in WeChat, values arrive as they were written: pages decode them.
    query[name] = value
  }
  return { path: parts.join("/").replace(/\.html$/, ""), query }
}
