import { createHash } from 'node:crypto'
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import { ZodError } from 'zod'

/** An Express 5 application as both peers set it up. */
export function webApplication(): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(express.json({ limit: '5mb' }))
  app.get('/health', (_request, response) => {
    response.json({ status: 'ok' })
  })
  return app
}

/** Refuses requests without a known key; what the look-up returns is kept as `response.locals.projectId`. */
export function requireKey(projectOfKey: (keyHash: string) => Promise<string | undefined>): RequestHandler {
  return async (request, response, next) => {
    const [scheme, key] = request.headers.authorization?.split(' ') ?? []
    if (scheme !== 'Bearer' || key === undefined) {
      response.status(401).json({ error: 'Authorization header is required' })
      return
    }
    const projectId = await projectOfKey(hashOfKey(key))
    if (projectId === undefined) {
      response.status(401).json({ error: 'Unknown key' })
      return
    }
    response.locals.projectId = projectId
    next()
  }
}

export function hashOfKey(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

export const answerErrors: ErrorRequestHandler = (error, _request, response, _next) => {
  if (error instanceof ZodError) {
    response.status(422).json({ error: 'Request validation failed', issues: error.issues })
    return
  }
  console.error(error)
  response.status(500).json({ error: 'An unexpected error occurred' })
}
