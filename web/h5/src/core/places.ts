/** Where things stand. */
interface Standing {
  post_id: string
  reply_id?: string | null
  /** The reply's own, or its thread's. */
  floor?: number | null
}

/** A post's page, from the floor on; it looks for the reply, and opens the thread that it is inside. */
export const placeOf = ({ post_id, reply_id, floor }: Standing) => ({ name: 'post', params: { id: post_id }, query: { floor: floor ?? undefined, reply: reply_id ?? undefined } })
