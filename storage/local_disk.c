#include "storage/local_disk.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

static const struct {
    unsigned long magic;
    const char *name;
} network_file_systems[] = {
    {0x6969, "NFS"},        {0xFF534D42, "CIFS"},  {0xFE534D42, "SMB"},
    {0x517B, "SMB"},        {0x5346414F, "AFS"},   {0x73757245, "Coda"},
    {0x01021997, "9P"},     {0x00C36400, "Ceph"},  {0x0BD00BD0, "Lustre"},
    {0x47504653, "GPFS"},   {0x013111A8, "IBRIX"}, {0x7461636F, "OCFS2"},
    {0x01161970, "GFS2"},   {0xAAD7AAEA, "PanFS"}, {0x0000564C, "NetWare"},
    {0xBACBACBC, "VMHGFS"}, {0x61636673, "ACFS"},
};

/* File systems in user space are local or remote: the kernel knows the name of
 * the program behind a mount. */
static const char *const remote_fuse[] = {
    "fuse.sshfs",  "fuse.s3fs",      "fuse.rclone",     "fuse.glusterfs",
    "fuse.davfs",  "fuse.curlftpfs", "fuse.gcsfuse",    "fuse.ceph-fuse",
    "fuse.mfs",    "fuse.juicefs",   "fuse.gvfsd-fuse", "fuse.kio-fuse",
    "fuse.goofys", "fuse.smbnetfs",  "fuse.seaweedfs",
};

enum { FUSE_MAGIC = 0x65735546 };

/* The type of the mount with a device number, as in
 * "36 35 0:41 / /mnt rw - fuse.sshfs host: rw"; empty if not found. */
static void find_mount_type(dev_t device, char type[64])
{
    FILE *mounts = fopen("/proc/self/mountinfo", "re");
    char line[4096];

    type[0] = '\0';
    while (mounts != NULL && fgets(line, sizeof line, mounts) != NULL) {
        const char *dash = strstr(line, " - ");
        unsigned high = 0, low = 0;

        if (dash != NULL && sscanf(line, "%*d %*d %u:%u", &high, &low) == 2 &&
            high == major(device) && low == minor(device) &&
            sscanf(dash, " - %63s", type) == 1) {
            break;
        }
    }
    if (mounts != NULL) {
        fclose(mounts);
    }
}

static bool is_remote_fuse(const char *type)
{
    size_t i;

    for (i = 0; i < sizeof remote_fuse / sizeof *remote_fuse; i++) {
        if (strcmp(type, remote_fuse[i]) == 0) {
            return true;
        }
    }
    return false;
}

const char *lede_local_disk_network_name(unsigned long magic, const char *type)
{
    size_t i;

    if (magic == FUSE_MAGIC) {
        return is_remote_fuse(type) ? type : NULL;
    }
    for (i = 0; i < sizeof network_file_systems / sizeof *network_file_systems;
         i++) {
        if (magic == network_file_systems[i].magic) {
            return network_file_systems[i].name;
        }
    }
    return NULL;
}

lede_status lede_local_disk_require(const char *directory, lede_error *err)
{
    struct statfs info;
    struct stat at;
    const char *name;
    char type[64];

    if (statfs(directory, &info) != 0 || stat(directory, &at) != 0) {
        return lede_fail(err, LEDE_IO, "%s: look at the file system: %s",
                         directory, strerror(errno));
    }
    find_mount_type(at.st_dev, type);
    name = lede_local_disk_network_name(
        (unsigned long)info.f_type & 0xFFFFFFFFul, type);
    return name == NULL
               ? LEDE_OK
               : lede_fail(err, LEDE_BAD_INPUT,
                           "%s: is on a network file system (%s), where an "
                           "archive is not safe: use a local disk",
                           directory, name);
}
