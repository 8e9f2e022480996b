import { InvalidRequestError } from "./problem.ts"

/** The most a form may have beside its file, in bytes: `wx.uploadFile` sends fields along, which mean nothing here. */
export const formOverhead = 16_384

/** Whether a `Content-Type` says that the body is a form with files. */
export function isForm(contentType: string | undefined): contentType is string {
  return /^multipart\/form-data\b/i.test(contentType ?? "")
}

/**
 * The file `field` of a form (RFC 7578), as `wx.uploadFile` sends it. Its name and its type are whatever the sender says, and are not looked at.
 *
 * @throws InvalidRequestError if the form is broken, has no such file, or more than one
 */
export async function fileOfForm(body: Uint8Array, contentType: string, field: string): Promise<Uint8Array> {
  const { Busboy } = await import("@fastify/busboy")
  const files: Uint8Array[] = []
  let others = 0
  await new Promise<void>((resolve, reject) => {
    const broken = () => reject(refusal("the form is broken"))
    try {
      const parser = new Busboy({
        headers: { "content-type": contentType },
        limits: { files: 2, fields: 16, parts: 18, fieldNameSize: 100, headerPairs: 16, headerSize: 4_096 },
      })
      parser.on("file", (name, stream) => {
        const chunks: Uint8Array[] = []
        stream.on("data", chunk => chunks.push(chunk))
        stream.on("error", broken)
        stream.on("end", () => {
          if (name === field) files.push(Buffer.concat(chunks))
          else others += 1
        })
      })
      for (const limit of ["filesLimit", "fieldsLimit", "partsLimit"] as const)
        parser.on(limit, () => reject(refusal("the form has too many parts")))
      parser.on("error", broken)
      parser.on("finish", resolve)
      parser.end(Buffer.from(body.buffer, body.byteOffset, body.byteLength))
    } catch {
      broken()
    }
  })
  const [file] = files
  if (file === undefined || files.length > 1 || others > 0)
    throw refusal(`send one file in the form's field "${field}"`)
  return file
}

function refusal(detail: string): InvalidRequestError {
  return new InvalidRequestError([{ pointer: "/file", detail }])
}
