#include <stdlib.h>
#include <string.h>

#include "indexer/grow.h"
#include "indexer/merge_policy.h"
#include "indexer/page_people.h"
#include "indexer/run.h"
#include "storage/record.h"

/* What one publish holds. */
typedef struct flush {
    lede_run *run;
    lede_resolution resolution;
    lede_page_people *people; /* NULL: no page has several entries */
    lede_buf path;            /* of the entry at hand */
    uint64_t steps;           /* done: three for each entry that is written */
    uint32_t *segments;
    uint32_t segment_count, segment_cap;
    lede_file_record *files; /* payloads are offsets until the end */
    size_t *payload_at;
    uint32_t file_count, file_cap, payload_cap;
    lede_span *forgotten;
    uint32_t forgotten_count, forgotten_cap;
    lede_buf payloads;
    lede_arena names;   /* of chunks */
    lede_claim *claims; /* of the block at hand */
    lede_claim_document *documents;
    uint32_t claim_count, claim_cap, document_count, document_cap;
} flush;

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "writing: out of memory");
}

/* --- Segments ------------------------------------------------------------ */

/* Memory that claims, and settling them, leave of their share. */
static size_t left_by_batch(const lede_run *run)
{
    size_t held = lede_batch_bytes(&run->batch);

    return held < run->budget.batch_bytes ? 2 * (run->budget.batch_bytes - held)
                                          : 0;
}

bool lede_run_has_inverted_enough(const lede_run *run)
{
    const lede_accumulator *a = run->accumulator;

    return lede_accumulator_entries(a) >= run->budget.segment_entries ||
           lede_accumulator_source_bytes(a) >= run->budget.segment_bytes ||
           lede_accumulator_bytes(a) >=
               run->budget.accumulator_bytes + left_by_batch(run);
}

/* Three for each entry; three more if it has a home elsewhere. */
static uint64_t all_steps(const flush *f)
{
    return (f->run->home == NULL ? 3 : 6) * (uint64_t)f->resolution.count;
}

static void take_step(flush *f)
{
    f->steps++;
    lede_run_step(f->run, "writing", f->steps, all_steps(f));
}

/* What segments get of an entry. */
static lede_entry part_for_segment(const flush *f, const lede_entry *entry)
{
    return f->run->home == NULL ? *entry : lede_xapian_home_bare(entry);
}

static lede_status add_entry(flush *f, const lede_settled *settled,
                             const lede_entry *entry, lede_error *err)
{
    lede_run *run = f->run;
    lede_entry part = part_for_segment(f, entry);
    lede_sketch sketch = {{0}};
    lede_status status;

    if (run->home != NULL) {
        sketch = lede_run_sketch(run, entry);
    }
    status = lede_accumulator_add(run->accumulator, &part, settled->aliases,
                                  settled->alias_count, run->now, err);
    if (status == LEDE_OK && run->home != NULL) {
        lede_accumulator_give_sketch(run->accumulator, &sketch);
    }
    return status;
}

/* Where the source of an entry is at home, if its settings say it. */
static lede_span home_of(flush *f, const lede_settled *settled)
{
    lede_read_options read = f->run->options->read;
    const char *path;

    lede_buf_clear(&f->path);
    if (f->run->options->sources != NULL && settled->path_count > 0) {
        lede_buf_put_span(&f->path, settled->paths[0]);
        path = lede_buf_text(&f->path);
        if (path != NULL) { /* else no memory: the home is a help only */
            lede_source_settings_apply(f->run->options->sources, path, &read);
        }
    }
    return lede_span_text(read.source_home);
}

/* What is known around the entry that the namer gets next. */
static void tell_namer(flush *f, const lede_settled *settled)
{
    lede_surroundings around = {0};

    if (f->run->namer != NULL) {
        around.home = home_of(f, settled);
        around.people = lede_page_people_get(f->people, settled->page_id,
                                             &around.people_count);
        around.places = lede_page_people_places(f->people, settled->page_id,
                                                &around.place_count);
        lede_namer_know(f->run->namer, &around);
    }
}

/* Inverts entries from *next on until memory is full, or a segment. */
static lede_status invert(flush *f, lede_text_loader *loader, uint32_t *next,
                          lede_error *err)
{
    lede_run *run = f->run;
    lede_status status = LEDE_OK;

    lede_accumulator_clear(run->accumulator);
    while (status == LEDE_OK && *next < f->resolution.count &&
           (lede_accumulator_entries(run->accumulator) == 0 ||
            !lede_run_has_inverted_enough(run))) {
        const lede_settled *settled = &f->resolution.entries[*next];
        lede_entry entry;

        status = lede_text_load(loader, settled, &entry, err);
        if (status == LEDE_OK) {
            tell_namer(f, settled);
        }
        if (status == LEDE_OK) {
            status = add_entry(f, settled, &entry, err);
        }
        if (status == LEDE_OK) {
            (*next)++;
            take_step(f);
        }
    }
    return status;
}

static lede_status encode(flush *f, const lede_entry *entry, lede_error *err)
{
    lede_buf_clear(&f->run->text);
    lede_record_encode(entry, &f->run->text);
    return f->run->text.failed ? no_memory(err) : LEDE_OK;
}

/* With its names: to find them takes a fraction of what the home takes. */
static lede_status give_to_home(flush *f, const lede_settled *settled,
                                const lede_entry *entry, lede_error *err)
{
    lede_run *run = f->run;
    lede_span names = {0};
    lede_status status = encode(f, entry, err);

    if (status == LEDE_OK && run->namer != NULL) {
        tell_namer(f, settled);
        status = lede_namer_put(run->namer, entry, err);
        if (status == LEDE_OK) {
            status = lede_namer_take(run->namer, true, &names, err);
        }
    }
    return status == LEDE_OK
               ? lede_xapian_home_take(
                     run->home, lede_buf_span(&run->text),
                     lede_accumulator_trusts(&entry->published, run->now),
                     names, err)
               : status;
}

/* Leaves the record in f->run->text. */
static lede_status load_record(flush *f, lede_text_loader *loader,
                               const lede_settled *settled, lede_error *err)
{
    lede_buf *record = &f->run->text;
    lede_entry entry;
    lede_status status;

    if (f->run->home == NULL) {
        status = lede_text_record(loader, settled, record, err);
        return status == LEDE_OK && record->failed ? no_memory(err) : status;
    }
    status = lede_text_load(loader, settled, &entry, err);
    if (status == LEDE_OK) {
        status = give_to_home(f, settled, &entry, err);
    }
    if (status == LEDE_OK) {
        entry = part_for_segment(f, &entry);
        status = encode(f, &entry, err);
    }
    return status;
}

static lede_status write_records(flush *f, lede_text_loader *loader,
                                 uint32_t begin, uint32_t end,
                                 lede_segment_writer *writer, lede_error *err)
{
    lede_status status = LEDE_OK;
    uint32_t i;

    for (i = begin; i < end && status == LEDE_OK; i++) {
        status = load_record(f, loader, &f->resolution.entries[i], err);
        if (status == LEDE_OK) {
            status = lede_segment_writer_put_record(
                writer, i - begin, lede_buf_span(&f->run->text), err);
        }
        take_step(f);
    }
    return status;
}

/* Terms: their share of the steps of the entries at hand. */
typedef struct terms_share {
    flush *f;
    uint32_t entries;
} terms_share;

static void on_term(void *ctx, uint64_t done, uint64_t all)
{
    const terms_share *s = ctx;

    lede_run_step(s->f->run, "writing", s->f->steps + s->entries * done / all,
                  all_steps(s->f));
}

static lede_status add_segment(flush *f, uint32_t id, lede_error *err)
{
    uint32_t *segments = lede_grown(f->segments, f->segment_count,
                                    &f->segment_cap, sizeof segments[0]);

    if (segments == NULL) {
        return no_memory(err);
    }
    f->segments = segments;
    segments[f->segment_count++] = id;
    return LEDE_OK;
}

static lede_status write_segment(flush *f, lede_text_loader *loader,
                                 uint32_t begin, uint32_t end, lede_error *err)
{
    lede_segment_writer *writer = NULL;
    terms_share share = {f, end - begin};
    lede_watch watch = {.ctx = &share, .step = on_term};
    uint32_t id;
    lede_status status;

    status = lede_segment_writer_new(f->run->writer, end - begin, &writer, err);
    if (status == LEDE_OK) {
        status = lede_accumulator_write(f->run->accumulator, writer,
                                        f->run->budget.term_forms, &watch, err);
        f->steps += end - begin;
    }
    lede_accumulator_clear(f->run->accumulator);
    if (status == LEDE_OK) {
        status = write_records(f, loader, begin, end, writer, err);
    }
    if (status == LEDE_OK) {
        status = lede_segment_writer_finish(writer, &id, err);
    }
    if (status == LEDE_OK) {
        status = add_segment(f, id, err);
    }
    lede_segment_writer_free(writer);
    return status;
}

/* From entries all over the batch. */
static lede_status choose_pair_words(flush *f, lede_text_loader *loader,
                                     lede_error *err)
{
    lede_pair_choice choice = {.analyzer = f->run->analyzer};
    uint64_t count = f->resolution.count;
    uint64_t n = count < LEDE_PAIR_SAMPLE ? count : LEDE_PAIR_SAMPLE, i;
    lede_status status = LEDE_OK;

    for (i = 0; i < n && status == LEDE_OK; i++) {
        lede_entry entry;

        status = lede_text_load(loader, &f->resolution.entries[i * count / n],
                                &entry, err);
        if (status == LEDE_OK) {
            status = lede_pair_choice_add(&choice, &entry, err);
        }
    }
    if (status == LEDE_OK) {
        status = lede_run_choose_pair_words(f->run, &choice, err);
    }
    lede_pair_choice_done(&choice);
    return status;
}

static lede_status write_segments(flush *f, lede_error *err)
{
    lede_text_loader loader = {.snapshot = f->run->snapshot,
                               .spill = f->run->batch.spill};
    uint32_t begin = 0, end = 0;
    lede_status status;

    lede_accumulator_clear(f->run->accumulator);
    status = lede_run_recall_pair_words(f->run, err);
    if (status == LEDE_OK && lede_run_needs_pair_words(f->run)) {
        status = choose_pair_words(f, &loader, err);
    }
    if (status == LEDE_OK && f->run->namer != NULL) {
        status = lede_page_people_new(&f->resolution, &loader, f->run->namer,
                                      &f->people, err);
    }

    while (end < f->resolution.count && status == LEDE_OK) {
        begin = end;
        status = invert(f, &loader, &end, err);
        if (status == LEDE_OK) {
            status = write_segment(f, &loader, begin, end, err);
        }
    }
    lede_text_loader_done(&loader);
    if (f->run->namer != NULL) { /* whose thread may be reading them */
        lede_namer_clear(f->run->namer);
    }
    lede_page_people_free(f->people);
    f->people = NULL;
    return status;
}

/* --- A home elsewhere ----------------------------------------------------- */

static int compare_keys(const void *left, const void *right)
{
    const uint64_t *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

/* The segment of a deletion, and the key of its entry. */
static lede_status key_of_deletion(const flush *f, const lede_deletion *d,
                                   uint64_t *out, lede_error *err)
{
    const lede_snapshot *snapshot = f->run->snapshot;
    lede_column keys;
    lede_status status;
    uint32_t i = 0;

    while (lede_segment_id(lede_snapshot_segment(snapshot, i)) != d->segment) {
        i++;
    }
    status = lede_segment_column(lede_snapshot_segment(snapshot, i),
                                 LEDE_COLUMN_KEY, &keys, err);
    if (status == LEDE_OK) {
        *out = (uint64_t)lede_column_get(&keys, d->entry);
    }
    return status;
}

/* Entries that are deleted and not replaced. */
static lede_status drop_from_home(flush *f, lede_error *err)
{
    uint32_t count = f->resolution.count, i;
    uint64_t *put = malloc(((size_t)count + 1) * sizeof *put);
    lede_status status = put == NULL ? no_memory(err) : LEDE_OK;

    for (i = 0; i < count && put != NULL; i++) {
        put[i] = f->resolution.entries[i].key;
    }
    if (put != NULL && count > 1) {
        qsort(put, count, sizeof *put, compare_keys);
    }
    for (i = 0; i < f->resolution.deletion_count && status == LEDE_OK; i++) {
        uint64_t key;

        status = key_of_deletion(f, &f->resolution.deletions[i], &key, err);
        if (status == LEDE_OK &&
            (count == 0 ||
             bsearch(&key, put, count, sizeof *put, compare_keys) == NULL)) {
            status = lede_xapian_home_drop(f->run->home, key, err);
        }
    }
    free(put);
    return status == LEDE_OK ? lede_xapian_home_prepare(f->run->home, err)
                             : status;
}

static void on_taken(void *ctx, uint64_t done, uint64_t all)
{
    const flush *f = ctx;
    uint64_t before = f->steps;

    if (all > 0) {
        lede_run_step(f->run, "writing",
                      before + (all_steps(f) - before) * done / all,
                      all_steps(f));
    }
}

static lede_status apply_to_home(flush *f, lede_error *err)
{
    lede_watch watch = {.ctx = f, .step = on_taken};

    return lede_xapian_home_apply(f->run->home, &watch, err);
}

/* --- File records
 * -------------------------------------------------------------- */

static lede_status add_record(flush *f, const lede_file_record *record,
                              lede_span path, size_t payload_at,
                              lede_error *err)
{
    lede_file_record *files =
        lede_grown(f->files, f->file_count, &f->file_cap, sizeof files[0]);
    size_t *places;

    if (files == NULL) {
        return no_memory(err);
    }
    f->files = files;
    places = lede_grown(f->payload_at, f->file_count, &f->payload_cap,
                        sizeof places[0]);
    if (places == NULL || f->payloads.failed) {
        f->payload_at = places == NULL ? f->payload_at : places;
        return no_memory(err);
    }
    f->payload_at = places;
    files[f->file_count] = *record;
    files[f->file_count].path = path;
    files[f->file_count].payload.len = f->payloads.len - payload_at;
    places[f->file_count++] = payload_at;
    return LEDE_OK;
}

static lede_status forget(flush *f, lede_span path, lede_error *err)
{
    lede_span *forgotten = lede_grown(f->forgotten, f->forgotten_count,
                                      &f->forgotten_cap, sizeof forgotten[0]);

    if (forgotten == NULL) {
        return no_memory(err);
    }
    f->forgotten = forgotten;
    forgotten[f->forgotten_count++] = path;
    return LEDE_OK;
}

static lede_span chunk_name(flush *f, lede_span path, uint32_t generation,
                            uint32_t number)
{
    lede_file_chunk_name(path, generation, number, &f->run->text);
    if (f->run->text.failed) {
        return lede_span_of(NULL, 0);
    }
    return lede_arena_copy(&f->names, lede_buf_span(&f->run->text));
}

static lede_status forget_blocks(flush *f, const lede_pending_file *file,
                                 uint32_t count, lede_error *err)
{
    uint32_t fresh = lede_file_new_blocks(&file->state), i;
    lede_status status = LEDE_OK;

    for (i = 0; i < count && status == LEDE_OK; i++) {
        uint32_t generation, number;
        lede_span name;

        lede_file_block_place(&file->state, fresh + i, &generation, &number);
        if (generation == 0) {
            continue;
        }
        name = chunk_name(f, file->record.path, generation, number);
        status = name.bytes == NULL ? no_memory(err) : forget(f, name, err);
    }
    return status;
}

/* Gathers the next block of a file's claims: *claim and *document move on. */
static lede_status gather_block(flush *f, const lede_pending_file *file,
                                uint32_t *claim, uint32_t *document,
                                lede_error *err)
{
    const lede_batch *batch = &f->run->batch;
    uint32_t end = file->first_claim + file->claim_count;

    f->claim_count = 0;
    f->document_count = 0;
    while (*claim < end) {
        const lede_pending_document *d = &batch->documents[*document];
        uint32_t document_end = d->first + d->count;
        lede_claim_document *documents;

        if (*claim >= document_end) { /* it is empty, or done */
            (*document)++;
            continue;
        }
        /* The posts of a live document stay together. */
        if (f->claim_count >= LEDE_CHUNK_CLAIMS ||
            (d->about.is_live && f->claim_count > 0 &&
             f->claim_count + d->count > LEDE_CHUNK_CLAIMS)) {
            break;
        }
        documents = lede_grown(f->documents, f->document_count,
                               &f->document_cap, sizeof documents[0]);
        if (documents == NULL) {
            return no_memory(err);
        }
        f->documents = documents;
        documents[f->document_count++] = d->about;
        while (*claim < document_end &&
               (d->about.is_live || f->claim_count < LEDE_CHUNK_CLAIMS)) {
            lede_claim *claims = lede_grown(f->claims, f->claim_count,
                                            &f->claim_cap, sizeof claims[0]);

            if (claims == NULL) {
                return no_memory(err);
            }
            f->claims = claims;
            claims[f->claim_count] = batch->claims[(*claim)++].claim;
            claims[f->claim_count++].document = f->document_count - 1;
        }
    }
    return LEDE_OK;
}

static void encode_block(flush *f)
{
    lede_claims_encode(f->documents, f->document_count, f->claims,
                       f->claim_count, &f->payloads);
}

static lede_status put_chunk(flush *f, const lede_pending_file *file,
                             lede_file_state *state, lede_error *err)
{
    lede_file_record chunk = {0};
    size_t at = f->payloads.len;
    lede_span name =
        chunk_name(f, file->record.path, state->generation, state->chunks++);

    encode_block(f);
    return name.bytes == NULL ? no_memory(err)
                              : add_record(f, &chunk, name, at, err);
}

/* Puts the claims of a file read (in part), and sets what its record says. A
 * small file that was read in one go has its block inside. */
static lede_status put_claims(flush *f, const lede_pending_file *file,
                              lede_file_state *state, lede_buf *inside,
                              lede_error *err)
{
    uint32_t claim = file->first_claim, document = file->first_document;
    uint32_t end = file->first_claim + file->claim_count;
    lede_status status = LEDE_OK;

    while (claim < end && status == LEDE_OK) {
        status = gather_block(f, file, &claim, &document, err);
        if (status != LEDE_OK) {
            break;
        }
        if (file->fate == LEDE_FILE_COMPLETE && state->chunks == 0 &&
            claim == end) {
            lede_claims_encode(f->documents, f->document_count, f->claims,
                               f->claim_count, inside);
            if (inside->len <= LEDE_INSIDE_MAX_BYTES) {
                state->inside = lede_buf_span(inside);
                return inside->failed ? no_memory(err) : LEDE_OK;
            }
        }
        status = put_chunk(f, file, state, err);
    }
    return status;
}

static bool keeps_inside(const lede_file_state *state)
{
    uint32_t i;

    for (i = 0; i < state->old_count; i++) {
        if (state->old[i].generation == 0) {
            return true;
        }
    }
    return false;
}

static lede_status put_file(flush *f, const lede_pending_file *file,
                            lede_error *err)
{
    lede_file_state state = file->state;
    uint32_t all = lede_file_old_blocks(&state);
    uint32_t gone = file->fate == LEDE_FILE_COMPLETE ? all : file->old_void;
    lede_buf inside = {0};
    lede_status status = LEDE_OK;
    size_t at;

    if (file->fate != LEDE_FILE_TOUCHED) {
        status = forget_blocks(f, file, gone, err);
        lede_file_drop_old(&state, gone);
        state.is_partial = file->fate != LEDE_FILE_COMPLETE;
        if (!keeps_inside(&state)) {
            state.inside = lede_span_of(NULL, 0);
        }
    }
    if (status == LEDE_OK && file->fate == LEDE_FILE_FORGOTTEN) {
        return forget(f, file->record.path, err);
    }
    if (status == LEDE_OK && file->fate != LEDE_FILE_TOUCHED) {
        status = put_claims(f, file, &state, &inside, err);
    }
    at = f->payloads.len;
    lede_file_state_encode(&state, &f->payloads);
    lede_buf_done(&inside);
    if (status == LEDE_OK) {
        status = add_record(f, &file->record, file->record.path, at, err);
    }
    return status;
}

/* --- Files to be read again ---------------------------------------------- */

/* The file at hand will be read to its end first. */
static void want_texts_of_pending(flush *f, lede_pending_file *file)
{
    file->state.texts_wanted = true;
    if (file == lede_batch_file(&f->run->batch) &&
        file->fate == LEDE_FILE_READING) {
        f->run->texts_wanted_again = true;
    }
}

/* Marks a file of the archive that is not in the batch. */
static lede_status want_texts_of(flush *f, lede_span path, lede_error *err)
{
    lede_file_record record;
    lede_file_state state;
    lede_status status =
        lede_snapshot_find_file(f->run->snapshot, path, &record, err);
    size_t at = f->payloads.len;

    if (status == LEDE_OK) {
        status = lede_file_state_decode(record.payload, &state, err);
    }
    if (status != LEDE_OK) { /* damaged: it is read again anyway */
        return status == LEDE_NOT_FOUND || status == LEDE_CORRUPT ? LEDE_OK
                                                                  : status;
    }
    if (state.texts_wanted) {
        return LEDE_OK;
    }
    state.texts_wanted = true;
    lede_file_state_encode(&state, &f->payloads);
    return add_record(f, &record, record.path, at, err);
}

static lede_status want_texts(flush *f, lede_error *err)
{
    lede_batch *batch = &f->run->batch;
    lede_status status = LEDE_OK;
    uint32_t i;

    for (i = 0; i < f->resolution.unread_count && status == LEDE_OK; i++) {
        lede_span path = f->resolution.unread[i];
        const lede_pending_file *pending = lede_batch_find_file(batch, path);

        status = lede_run_want(f->run, path, err);
        if (status != LEDE_OK) {
            break;
        }
        if (pending != NULL) {
            want_texts_of_pending(f, &batch->files[pending - batch->files]);
        } else {
            status = want_texts_of(f, path, err);
        }
    }
    return status;
}

static lede_status put_files(flush *f, lede_error *err)
{
    const lede_batch *batch = &f->run->batch;
    lede_status status = want_texts(f, err);
    uint32_t i;

    for (i = 0; i < batch->file_count && status == LEDE_OK; i++) {
        status = put_file(f, &batch->files[i], err);
    }
    for (i = 0; i < f->file_count && status == LEDE_OK; i++) {
        f->files[i].payload = lede_span_of(f->payloads.bytes + f->payload_at[i],
                                           f->files[i].payload.len);
    }
    free(f->claims);
    free(f->documents);
    f->claims = NULL;
    f->documents = NULL;
    return status;
}

/* --- Publishing
 * ------------------------------------------------------------------- */

static lede_status publish(flush *f, lede_error *err)
{
    lede_publish change = {.added = f->segments,
                           .added_count = f->segment_count,
                           .deletions = f->resolution.deletions,
                           .deletion_count = f->resolution.deletion_count,
                           .files = f->files,
                           .file_count = f->file_count,
                           .forgotten = f->forgotten,
                           .forgotten_count = f->forgotten_count,
                           .now = f->run->now};

    return lede_writer_publish(f->run->writer, &change, err);
}

static void flush_done(flush *f)
{
    lede_resolution_done(&f->resolution);
    free(f->segments);
    free(f->files);
    free(f->payload_at);
    free(f->forgotten);
    lede_buf_done(&f->payloads);
    lede_buf_done(&f->path);
    lede_arena_done(&f->names);
    free(f->claims);
    free(f->documents);
}

static void count(lede_run *run, const lede_resolution *resolution)
{
    uint32_t i;

    for (i = 0; i < resolution->change_count; i++) {
        lede_run_tally_note(&run->tally, resolution->changes[i].key,
                            resolution->changes[i].change, run->report);
    }
}

lede_status lede_run_flush(lede_run *run, lede_error *err)
{
    flush f = {.run = run};
    uint64_t bytes = lede_spill_bytes(run->batch.spill);
    lede_run_moment began = lede_run_now();
    lede_status status;

    if (lede_batch_is_empty(&run->batch)) {
        return LEDE_OK;
    }
    lede_run_step(run, "settling", 0, 1);
    run->batch.repairs = run->options->reread;
    status = lede_resolve(&run->batch, run->snapshot,
                          lede_archive_directory(run->archive),
                          run->budget.batch_bytes, &f.resolution, err);
    if (status == LEDE_OK && f.resolution.wanting > 0) {
        status = lede_run_reread(run, &f.resolution, err);
    }
    if (status == LEDE_OK) {
        status = lede_resolution_finish(&f.resolution, err);
    }
    if (status == LEDE_OK) {
        status = write_segments(&f, err);
    }
    if (status == LEDE_OK) {
        status = put_files(&f, err);
    }
    if (status == LEDE_OK && run->home != NULL) {
        status = drop_from_home(&f, err);
    }
    if (status == LEDE_OK) {
        status = publish(&f, err);
    }
    if (status == LEDE_OK && run->home != NULL) {
        status = apply_to_home(&f, err);
    }
    if (status == LEDE_OK) {
        count(run, &f.resolution);
        lede_run_learn(run, bytes, lede_run_effort(&began));
    }
    flush_done(&f);
    lede_buf_done(&run->text);
    if (status == LEDE_OK) {
        status = lede_batch_clear(&run->batch, err);
    }
    if (status == LEDE_OK) {
        status = lede_run_merge(run, LEDE_MERGE_FAN_READING, err);
        /* What was flushed is published: who reads on sees the stop. */
        status = status == LEDE_INTERRUPTED ? LEDE_OK : status;
    }
    if (status == LEDE_OK) {
        status = lede_run_refresh(run, err);
    }
    run->progress.phase_done = run->progress.phase_all = 0;
    run->batch_began = lede_run_now();
    return status;
}
