"""Contacts in and out: vCards of every version, tables of Google and Outlook, and a .vcf of what one sees."""
