"""Reading dates, amounts, promises and the rest out of free text, in English, German and Croatian.

Pure functions without a model and without a network: the same text gives the same readings. `read_text` reads a
message, `read_signature` the block under it, `read_document` a file name; whoever calls decides what to do with it.
"""

from .companies import FREE_MAIL, company_name_from_domain, is_company_name, is_free_mail
from .documents import Document, read_document
from .people import split_person_name
from .reading import Reading
from .signatures import Signature, read_signature
from .text import read_text

__all__ = [
    "FREE_MAIL",
    "Document",
    "Reading",
    "Signature",
    "company_name_from_domain",
    "is_company_name",
    "is_free_mail",
    "read_document",
    "read_signature",
    "read_text",
    "split_person_name",
]
