/**
 * Where pictures come from. Set when the phone starts: components are made by the library, which hands nothing in.
 */
export const pictures: { read: (path: string) => Uint8Array<ArrayBuffer> | undefined } = {
  read: () => undefined,
}

const shown = new Map<string, string>()

/** What an `<img>` can load. @param from the path of the component that names the picture */
export function pictureUrl(source: string, from: string): string {
  if (/^(https:|data:|blob:)/.test(source)) return source
  const known = shown.get(source)
  if (known !== undefined) return known
  const bytes = pictures.read(source)
  if (bytes !== undefined) {
    const url = URL.createObjectURL(new Blob([bytes], { type: typeOf(bytes) }))
    shown.set(source, url)
    return url
  }
  if (/^http:/.test(source)) return source
  const folder = source.startsWith("/") ? [] : from.split("/").slice(0, -1)
  for (const part of source.split("/")) {
    if (part === "..") folder.pop()
    else if (part !== "." && part !== "") folder.push(part)
  }
  // Relative, so that the phone may be mounted anywhere.
  return `file/${folder.join("/")}`
}

function typeOf(bytes: Uint8Array): string {
  return bytes[0] === "<".charCodeAt(0) ? "image/svg+xml" : ""
}
