import { errorCodes } from "../errors.ts"
import { Problem } from "../protocol/problem.ts"
import { problemTable } from "./problem-table.ts"
import type { Route } from "./route.ts"

/** The routes as an OpenAPI 3.1 document. */
export function openapiDocument(routes: readonly Route[], basePath: string) {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, "{$1}")
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) }
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Denglu",
      version: "1",
      summary: "Login for WeChat Mini Programs",
      description: `Errors are application/problem+json with one of these codes:\n\n${errorCodes
        .map(
          code =>
            `- \`${code}\` (${problemTable[code].status}): ${problemTable[code].title.en}. ${problemTable[code].remedy.en}`,
        )
        .join("\n")}`,
    },
    servers: [{ url: basePath === "" ? "/" : basePath }],
    paths,
    components: {
      schemas: { Problem },
      securitySchemes: { accessToken: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
    },
  }
}

function operation(route: Route) {
  const empty = route.reply === undefined || !("type" in route.reply) || route.reply.type === "undefined"
  const names = [...route.path.matchAll(/:(\w+)/g)].map(match => match[1])
  return {
    summary: route.summary,
    ...(route.auth ? { security: [{ accessToken: [] }] } : {}),
    parameters: [
      ...names.map(name => ({ name, in: "path", required: true, schema: { type: "string" } })),
      ...Object.entries(route.query ?? {}).map(([name, { description }]) => ({
        name,
        in: "query",
        description,
        schema: { type: "string" },
      })),
      ...Object.entries(route.headers ?? {}).map(([name, { description }]) => ({
        name,
        in: "header",
        description,
        schema: { type: "string" },
      })),
    ],
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            required: route.bodyOptional !== true,
            content: bodyContent(route),
          },
        }),
    responses: {
      [empty ? "204" : "200"]: empty
        ? { description: "Done" }
        : {
            description: "Done",
            content: {
              ...replyContent(route),
              ...(route.streams === true ? { "text/event-stream": { schema: { type: "string" } } } : {}),
            },
          },
      default: {
        description: "An error",
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    },
  }
}

const binary = { schema: { type: "string", format: "binary" } }
const pictures = { "image/jpeg": binary, "image/png": binary, "image/webp": binary }

function bodyContent({ bodyAs, body: schema }: Route) {
  if (bodyAs === "text") return { "application/json": { schema: {} }, "text/xml": { schema } }
  if (bodyAs === "picture") return { "multipart/form-data": { schema }, ...pictures }
  return { "application/json": { schema } }
}

function replyContent({ replyAs, reply: schema }: Route) {
  if (replyAs === "picture") return pictures
  return { [replyAs === "text" ? "text/plain" : "application/json"]: { schema } }
}
