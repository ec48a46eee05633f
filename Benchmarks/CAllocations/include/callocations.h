#pragma once
/* Counts what a thread allocates, by standing in front of the C library's allocator. */
#include <stdbool.h>
void callocations_count_this_thread(bool counts);
long callocations_total(void);
