/** How many calls one request of tRPC can carry. By itself, for a dashboard that needs no other limit before a page does. */
export const TRPC_BATCH_SIZE = 20
