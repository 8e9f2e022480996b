import { Type } from "typebox"
import { openapiDocument } from "../openapi.ts"
import { route } from "../route.ts"

export const openapiRoute = route({
  method: "GET",
  path: "/openapi.json",
  summary: "This description, as OpenAPI 3.1",
  auth: false,
  reply: Type.Object({ openapi: Type.String() }),
  cacheControl: "public, max-age=300",
  async handle({ flow }) {
    // The list of routes holds this route, so it is fetched when it is asked for.
    const { routesOf } = await import("../routes.ts")
    return openapiDocument(routesOf(flow.options), flow.options.basePath)
  },
})
