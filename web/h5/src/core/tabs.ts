/** The tab that is open was tapped again: its list begins anew. */
import { ref } from 'vue'

export const tabAgain = ref(0)
