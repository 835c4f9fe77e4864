/* The rules of the books as the fault tests keep them, outside of the till. */
#include "tests/lab/life_private.h"

#include "tests/fault/books.h"

const char *life_books_fault(sqlite3 *books)
{
	return books_fault(books);
}
