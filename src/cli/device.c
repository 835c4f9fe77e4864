#include "src/cli/device.h"

#include "src/base/i18n.h"
#include "src/io/link.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum zg_result zg_device_check(const char *link, struct zg_error *err)
{
	struct zg_link_address address;
	struct stat info;
	enum zg_result result = zg_link_parse(link, NULL, &address, err);

	if (result != ZG_OK || address.kind == ZG_LINK_TCP)
		return result;
	if (stat(address.target, &info) != 0)
		return zg_fail(err, ZG_NOT_FOUND, _("The printer %s is not there. Check its cable and power, or the link in zhanggui.conf."),
			       address.target);
	if (access(address.target, address.kind == ZG_LINK_SERIAL ? R_OK | W_OK : W_OK) == 0)
		return ZG_OK;
	const struct group *group = getgrgid(info.st_gid);
	const struct passwd *user = getpwuid(geteuid());

	if (group && user && (info.st_mode & S_IWGRP))
		return zg_fail(err, ZG_INVALID, _("This user may not use the printer %s. Add it to the group %s: sudo usermod -aG %s %s, then sign in to the system again."),
			       address.target, group->gr_name, group->gr_name, user->pw_name);
	return zg_fail(err, ZG_INVALID, _("This user may not use the printer %s (%s). Ask the admin of this machine."), address.target,
		       strerror(EACCES));
}
