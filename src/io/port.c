/* The ports that this computer has, for people who look for their printer. */
#include "src/base/alloc.h"
#include "src/io/link.h"

#include <dirent.h>
#include <glob.h>
#include <libserialport.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void copy(char *to, size_t size, const char *text)
{
	size_t length = text ? strlen(text) : 0;

	if (length >= size)
		length = 0;     /* half a path names another device */
	if (length)
		memcpy(to, text, length);
	to[length] = '\0';
}

static struct zg_port *add(struct zg_port **ports, size_t *count, const char *path)
{
	*ports = zg_resize(*ports, *count + 1, sizeof(**ports));
	struct zg_port *port = &(*ports)[(*count)++];

	memset(port, 0, sizeof(*port));
	port->vendor_id = port->product_id = -1;
	copy(port->path, sizeof(port->path), path);
	return port;
}

/* The link in `directory` that leads to `path`; "" when there is none. */
static void find_link(char *to, size_t size, const char *directory, const char *path)
{
	DIR *dir = opendir(directory);
	const struct dirent *entry;
	char real[PATH_MAX];

	to[0] = '\0';
	while (dir && !to[0] && (entry = readdir(dir))) {
		char *name = zg_print("%s/%s", directory, entry->d_name);

		if (entry->d_name[0] != '.' && realpath(name, real) && strcmp(real, path) == 0)
			copy(to, size, name);
		free(name);
	}
	if (dir)
		closedir(dir);
}

static void add_serial(struct zg_port **ports, size_t *count)
{
	struct sp_port **list = NULL;

	if (sp_list_ports(&list) != SP_OK)
		return;
	for (size_t i = 0; list[i]; i++) {
		struct zg_port *port = add(ports, count, sp_get_port_name(list[i]));

		find_link(port->by_id, sizeof(port->by_id), "/dev/serial/by-id", port->path);
		find_link(port->by_path, sizeof(port->by_path), "/dev/serial/by-path", port->path);
		if (sp_get_port_transport(list[i]) == SP_TRANSPORT_USB) {
			(void)sp_get_port_usb_vid_pid(list[i], &port->vendor_id, &port->product_id);    /* stays -1 */
			copy(port->product, sizeof(port->product), sp_get_port_usb_product(list[i]));
			copy(port->maker, sizeof(port->maker), sp_get_port_usb_manufacturer(list[i]));
			copy(port->serial, sizeof(port->serial), sp_get_port_usb_serial(list[i]));
		}
		/* Without a serial number two adapters have the same by-id name: then the socket it is plugged into names it. */
		const char *name = *port->by_id && *port->serial ? port->by_id : *port->by_path ? port->by_path : port->path;

		snprintf(port->address, sizeof(port->address), "serial:%.240s", name);
	}
	sp_free_port_list(list);
}

/* One line of a file in sysfs, without its end. */
static void read_line(char *to, size_t size, const char *directory, const char *name)
{
	char *path = zg_print("%s/%s", directory, name);
	FILE *file = fopen(path, "re");

	to[0] = '\0';
	if (file && fgets(to, (int)size, file))
		to[strcspn(to, "\n")] = '\0';
	if (file)
		fclose(file);
	free(path);
}

static void add_usb_printers(struct zg_port **ports, size_t *count)
{
	glob_t found = { 0 };

	if (glob("/dev/usb/lp*", 0, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++) {
			const char *path = found.gl_pathv[i];
			struct zg_port *port = add(ports, count, path);
			/* the interface; what describes the device lies one above it */
			char *device = zg_print("/sys/class/usbmisc/%s/device/..", strrchr(path, '/') + 1);
			char id[16];

			read_line(id, sizeof(id), device, "idVendor");
			port->vendor_id = id[0] ? (int)strtol(id, NULL, 16) : -1;
			read_line(id, sizeof(id), device, "idProduct");
			port->product_id = id[0] ? (int)strtol(id, NULL, 16) : -1;
			read_line(port->product, sizeof(port->product), device, "product");
			read_line(port->maker, sizeof(port->maker), device, "manufacturer");
			read_line(port->serial, sizeof(port->serial), device, "serial");
			snprintf(port->address, sizeof(port->address), "file:%.240s", path);
			free(device);
		}
	}
	globfree(&found);
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct zg_port *)a)->path, ((const struct zg_port *)b)->path);
}

struct zg_port *zg_port_list(size_t *count)
{
	struct zg_port *ports = zg_alloc(1, sizeof(*ports));

	*count = 0;
	add_serial(&ports, count);
	add_usb_printers(&ports, count);
	qsort(ports, *count, sizeof(*ports), by_path);
	return ports;
}
