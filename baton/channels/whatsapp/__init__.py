"""WhatsApp: the business's own number through Meta's Cloud API, and chats that members export from their phones."""
