/* Any bytes as what the indexer remembers of a file: a file's state, then its
 * block of claims. What decodes encodes to bytes that decode to the same again,
 * and pages are settled from whatever claims there are: the bytes cut in two
 * are two saves. */
#include <stdio.h>
#include <stdlib.h>

#include "indexer/file_state.h"
#include "indexer/pages.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { DOCUMENTS_MAX = 64 };

static void require(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "%s\n", what);
        abort();
    }
}

static void check_state(lede_span bytes, lede_span *inside)
{
    lede_file_state state, again;
    lede_buf once = {0}, twice = {0};
    uint32_t i, blocks;

    *inside = bytes;
    if (lede_file_state_decode(bytes, &state, NULL) != LEDE_OK) {
        return;
    }
    *inside = state.inside;
    lede_file_state_encode(&state, &once);
    require(lede_file_state_decode(lede_buf_span(&once), &again, NULL) ==
                LEDE_OK,
            "a state does not decode as it encoded");
    lede_file_state_encode(&again, &twice);
    require(lede_span_equal(lede_buf_span(&once), lede_buf_span(&twice)),
            "a state does not encode as it decoded");
    blocks = lede_file_old_blocks(&state);
    for (i = 0; i < 3; i++) {
        uint32_t generation, number;

        lede_file_block_place(&state, i * 1000003u, &generation, &number);
        lede_file_state_restart(&again);
        lede_file_drop_old(&again, blocks / 2 + i);
        require(again.old_count <= LEDE_OLD_RANGES_MAX,
                "a state has too many ranges");
    }
    lede_buf_done(&once);
    lede_buf_done(&twice);
}

/* The claims that can be read, and what encoding them gives. */
static uint32_t read_claims(const lede_claims *view, lede_claim *claims)
{
    uint32_t i, n = 0;

    for (i = 0; i < view->claim_count; i++) {
        if (lede_claims_get(view, i, &claims[n], NULL) == LEDE_OK) {
            n++;
        }
        (void)lede_claims_find(view, lede_claims_raw(view, i));
    }
    return n;
}

static void check_round_trip(const lede_claims *view, lede_claim *claims,
                             uint32_t count)
{
    lede_claim_document documents[DOCUMENTS_MAX];
    lede_buf once = {0};
    lede_claims again;
    uint32_t i;

    for (i = 0; i < view->document_count; i++) {
        require(lede_claims_document(view, i, &documents[i], NULL) == LEDE_OK,
                "a document cannot be read");
    }
    lede_claims_encode(documents, view->document_count, claims, count, &once);
    require(lede_claims_open(lede_buf_span(&once), &again, NULL) == LEDE_OK &&
                again.claim_count == count,
            "a block does not decode as it encoded");
    for (i = 0; i < count; i++) {
        lede_claim got;

        require(lede_claims_get(&again, i, &got, NULL) == LEDE_OK &&
                    lede_claim_equal(&got, &claims[i]) &&
                    got.published.instant == claims[i].published.instant,
                "a claim does not decode as it encoded");
    }
    lede_buf_done(&once);
}

/* The live documents of a block. */
static uint32_t list_documents(const lede_claims *view,
                               const lede_claim *claims, uint32_t count,
                               uint64_t file, lede_arena *arena,
                               lede_live_document *out)
{
    uint32_t d, i, n = 0;

    for (d = 0; d < view->document_count; d++) {
        lede_version *posts =
            lede_arena_array(arena, count + 1u, sizeof posts[0]);
        lede_live_document *live = &out[n];

        require(posts != NULL, "out of memory");
        *live = (lede_live_document){.file = file, .posts = posts};
        require(lede_claims_document(view, d, &live->about, NULL) == LEDE_OK,
                "a document cannot be read");
        for (i = 0; i < count; i++) {
            if (claims[i].document == d && claims[i].is_post) {
                posts[live->post_count++] = (lede_version){
                    .claim = claims[i], .path = lede_span_text("/a/file")};
            }
        }
        n += live->post_count > 0;
    }
    return n;
}

static void check_pages(const lede_live_document *documents, uint32_t count,
                        lede_arena *arena)
{
    lede_pages pages;
    uint32_t i, j;
    size_t posts = 0;

    require(lede_pages_settle(documents, count, arena, &pages, NULL) == LEDE_OK,
            "pages cannot be settled");
    for (i = 0; i < count; i++) {
        posts += documents[i].post_count;
        for (j = 0; j < i; j++) {
            require(pages.page_of[i] == pages.page_of[j] ||
                        !lede_pages_match(&documents[i], &documents[j]),
                    "two saves of one page are on two");
        }
    }
    require(pages.member_count == posts, "a post was lost");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    lede_live_document documents[2 * DOCUMENTS_MAX];
    lede_span whole = lede_span_of(bytes, len), inside, halves[2];
    lede_arena arena = {0};
    uint32_t count = 0;
    size_t cut, i;

    check_state(whole, &inside);
    cut = inside.len > 0 ? inside.bytes[inside.len - 1] * inside.len / 256 : 0;
    halves[0] = lede_span_part(inside, 0, cut);
    halves[1] = cut == 0 ? inside : lede_span_part(inside, cut, inside.len);
    for (i = 0; i < 3; i++) {
        lede_span block = i < 2 ? halves[i] : inside;
        lede_claim *claims;
        lede_claims view;
        uint32_t n;

        if ((i == 2 && cut == 0) ||
            lede_claims_open(block, &view, NULL) != LEDE_OK ||
            view.document_count > DOCUMENTS_MAX || view.claim_count > 512) {
            continue;
        }
        claims =
            lede_arena_array(&arena, view.claim_count + 1u, sizeof claims[0]);
        require(claims != NULL, "out of memory");
        n = read_claims(&view, claims);
        check_round_trip(&view, claims, n);
        if (count <= DOCUMENTS_MAX) {
            count +=
                list_documents(&view, claims, n, i, &arena, documents + count);
        }
    }
    check_pages(documents, count, &arena);
    lede_arena_done(&arena);
    return 0;
}
