#pragma once
/* Counts what a thread allocates, by standing in front of the C library's allocator. */
void callocations_count_this_thread(void);
long callocations_total(void);
